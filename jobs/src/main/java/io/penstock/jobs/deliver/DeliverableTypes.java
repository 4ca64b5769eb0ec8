package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What every format has a form for. Intervals and the type of a bare NULL are not among it. */
final class DeliverableTypes {
  /** Apache Avro specification, "Names". */
  private static final Pattern AVRO_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private DeliverableTypes() {}

  static void check(StructType files, OutputFormat format) {
    for (StructField column : files.fields()) {
      if (!isDeliverable(column.dataType())) {
        throw DeliveryErrors.typeRefused(
            column.name(), column.dataType().simpleString(), format.extension());
      }
      if (format instanceof OutputFormat.Avro && !AVRO_NAME.matcher(column.name()).matches()) {
        throw DeliveryErrors.columnRefused(
            column.name(),
            "Avro names consist of letters, digits and underscores and start with no digit",
            "rename the column in the query or the template");
      }
    }
  }

  private static boolean isDeliverable(DataType type) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        if (!isDeliverable(field.dataType())) {
          return false;
        }
      }
      return true;
    }
    if (type instanceof ArrayType array) {
      return isDeliverable(array.elementType());
    }
    if (type instanceof MapType map) {
      return isDeliverable(map.keyType()) && isDeliverable(map.valueType());
    }
    return type instanceof StringType || ScalarWriters.of(type).isPresent();
  }
}
