package io.penstock.jobs.events;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.collection.JavaConverters;

/** The columns that records are made of, in the order in which they were first asked for. */
final class SourceColumns {
  private final String destination;
  private final Map<String, Attribute> known = new LinkedHashMap<>();
  private final List<Attribute> used = new ArrayList<>();

  SourceColumns(Dataset<Row> rows, String destination) {
    this.destination = destination;
    for (Attribute attribute :
        JavaConverters.seqAsJavaList(rows.queryExecution().analyzed().output())) {
      known.put(Identifiers.fold(attribute.name()), attribute);
    }
  }

  /** The names of all columns. */
  List<String> names() {
    return known.values().stream().map(Attribute::name).toList();
  }

  List<Attribute> used() {
    return List.copyOf(used);
  }

  StructType schema() {
    StructType schema = new StructType();
    for (Attribute attribute : used) {
      schema =
          schema.add(
              DataTypes.createStructField(
                  attribute.name(),
                  attribute.dataType(),
                  attribute.nullable(),
                  attribute.metadata()));
    }
    return schema;
  }

  /**
   * A column's place among those that are used.
   *
   * @param key of the destination that names it
   * @throws PenstockException {@code CONFIG_INVALID_VALUE} where there is none
   */
  int ordinal(String key, String column) {
    Attribute attribute = attribute(key, column);
    for (int i = 0; i < used.size(); i++) {
      if (used.get(i).exprId().equals(attribute.exprId())) {
        return i;
      }
    }
    used.add(attribute);
    return used.size() - 1;
  }

  Attribute attribute(String key, String column) {
    Attribute attribute = known.get(Identifiers.fold(column));
    if (attribute == null) {
      throw PenstockException.of(
          ErrorCode.CONFIG_INVALID_VALUE,
          "destinations." + destination + "." + key + " names the column " + column,
          "the rows have no such column",
          "name one of " + String.join(", ", names()));
    }
    return attribute;
  }

  /** As {@link #ordinal}, of a column that may identify somebody. */
  int identity(String key, Optional<String> column) {
    if (column.isEmpty()) {
      return EventForm.Recipe.NONE;
    }
    Attribute attribute = attribute("identity." + key, column.get());
    DataType type = attribute.dataType();
    boolean fits =
        Texts.of(type).isPresent()
            && !(type instanceof BinaryType
                || type instanceof FloatType
                || type instanceof DoubleType
                || attribute.metadata().contains(JsonText.METADATA));
    return fits
        ? ordinal(key, column.get())
        : refused(
            "identity." + key,
            attribute,
            "a column of text, whole numbers or decimals, which its type is not: ");
  }

  /** As {@link #ordinal}, of a column that says when something was. */
  int time(Optional<String> column) {
    if (column.isEmpty()) {
      return EventForm.Recipe.NONE;
    }
    Attribute attribute = attribute("timestamp", column.get());
    DataType type = attribute.dataType();
    boolean fits =
        type instanceof TimestampType
            || type instanceof TimestampNTZType
            || type instanceof DateType;
    return fits
        ? ordinal("timestamp", column.get())
        : refused("timestamp", attribute, "a timestamp or a date, which its type is not: ");
  }

  private int refused(String key, Attribute attribute, String wanted) {
    throw PenstockException.of(
        ErrorCode.CONFIG_INVALID_VALUE,
        "destinations." + destination + "." + key + " names the column " + attribute.name(),
        "it has to be " + wanted + attribute.dataType().simpleString(),
        "name another column, or give it a type in the template");
  }
}
