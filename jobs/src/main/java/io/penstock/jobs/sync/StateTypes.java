package io.penstock.jobs.sync;

import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** The types in which Redshift gives keys and what is kept with them back as they are. */
final class StateTypes {
  private static final byte[] MARK = {0};

  private StateTypes() {}

  /** Binary values with a byte before them: COPY takes an empty one for NULL. */
  static Dataset<Row> stored(Dataset<Row> rows) {
    return binaryAs(rows, value -> functions.concat(functions.lit(MARK), value));
  }

  /** What {@link #stored} was. */
  static Dataset<Row> restored(Dataset<Row> rows) {
    return binaryAs(rows, value -> functions.substring(value, 2, Integer.MAX_VALUE));
  }

  private static Dataset<Row> binaryAs(
      Dataset<Row> rows, UnaryOperator<org.apache.spark.sql.Column> change) {
    StructField[] fields = rows.schema().fields();
    if (Stream.of(fields).noneMatch(field -> field.dataType() instanceof BinaryType)) {
      return rows;
    }
    return rows.select(
        Stream.of(fields)
            .map(
                field -> {
                  org.apache.spark.sql.Column value = StateColumns.named(field.name());
                  return field.dataType() instanceof BinaryType
                      ? change.apply(value).as(field.name())
                      : value;
                })
            .toArray(org.apache.spark.sql.Column[]::new));
  }

  static List<Column> columns(StructType schema) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(new Column(field.name(), type(field.dataType()), true, false));
    }
    return List.copyOf(columns);
  }

  /** Texts are as long as can be: CHAR would lose blanks at their end. */
  private static RedshiftType type(DataType type) {
    if (type instanceof DecimalType decimal) {
      return RedshiftType.decimal(decimal.precision(), decimal.scale());
    }
    if (type instanceof StringType) {
      return RedshiftType.varchar(RedshiftType.VARCHAR_MAX);
    }
    if (type instanceof BinaryType) {
      return new RedshiftType(Kind.VARBYTE, RedshiftType.VARBYTE_MAX, 0);
    }
    return RedshiftType.of(kind(type));
  }

  private static Kind kind(DataType type) {
    if (type instanceof ShortType) {
      return Kind.SMALLINT;
    }
    if (type instanceof IntegerType) {
      return Kind.INTEGER;
    }
    if (type instanceof LongType) {
      return Kind.BIGINT;
    }
    if (type instanceof FloatType) {
      return Kind.REAL;
    }
    if (type instanceof DoubleType) {
      return Kind.DOUBLE;
    }
    if (type instanceof BooleanType) {
      return Kind.BOOLEAN;
    }
    if (type instanceof DateType) {
      return Kind.DATE;
    }
    if (type instanceof TimestampNTZType) {
      return Kind.TIMESTAMP;
    }
    if (type instanceof TimestampType) {
      return Kind.TIMESTAMPTZ;
    }
    throw SyncProblems.mismatch(
        "sync.keys names a column of Spark's type " + type.simpleString(),
        "a state in Redshift cannot keep it",
        "give the column a type in the template");
  }
}
