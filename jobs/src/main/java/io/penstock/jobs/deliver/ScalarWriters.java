package io.penstock.jobs.deliver;

import java.util.Optional;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.jspecify.annotations.Nullable;

/** Writers of scalars other than text, none of whose bytes a text dialect must quote by default. */
final class ScalarWriters {
  private ScalarWriters() {}

  /** Empty for text and for nested types. */
  static Optional<ValueWriter> of(DataType type) {
    if (type instanceof DecimalType decimal) {
      int precision = decimal.precision();
      int scale = decimal.scale();
      return Optional.of(
          (row, i, sink) -> PlainText.putDecimal(sink, row.getDecimal(i, precision, scale)));
    }
    ValueWriter writer = number(type);
    return Optional.ofNullable(writer == null ? other(type) : writer);
  }

  private static @Nullable ValueWriter number(DataType type) {
    if (type instanceof IntegerType) {
      return (row, i, sink) -> PlainText.putLong(sink, row.getInt(i));
    }
    if (type instanceof LongType) {
      return (row, i, sink) -> PlainText.putLong(sink, row.getLong(i));
    }
    if (type instanceof ShortType) {
      return (row, i, sink) -> PlainText.putLong(sink, row.getShort(i));
    }
    if (type instanceof ByteType) {
      return (row, i, sink) -> PlainText.putLong(sink, row.getByte(i));
    }
    if (type instanceof DoubleType) {
      return (row, i, sink) -> PlainText.putDouble(sink, row.getDouble(i));
    }
    if (type instanceof FloatType) {
      return (row, i, sink) -> PlainText.putFloat(sink, row.getFloat(i));
    }
    return null;
  }

  private static @Nullable ValueWriter other(DataType type) {
    if (type instanceof BooleanType) {
      return (row, i, sink) -> PlainText.putBoolean(sink, row.getBoolean(i));
    }
    if (type instanceof DateType) {
      return (row, i, sink) -> PlainText.putDate(sink, row.getInt(i));
    }
    if (type instanceof TimestampType) {
      return (row, i, sink) -> PlainText.putTimestamp(sink, row.getLong(i), true);
    }
    if (type instanceof TimestampNTZType) {
      return (row, i, sink) -> PlainText.putTimestamp(sink, row.getLong(i), false);
    }
    if (type instanceof BinaryType) {
      return (row, i, sink) -> PlainText.putHex(sink, row.getBinary(i));
    }
    return null;
  }
}
