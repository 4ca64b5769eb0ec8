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

  /**
   * Two ways to one result.
   *
   * @param method public and static, {@code (ByteSink, value)}, with the name of its class
   */
  record Scalar(String method, ValueWriter writer) {
    static Scalar of(Class<?> owner, String method, ValueWriter writer) {
      return new Scalar(owner.getName() + "." + method, writer);
    }
  }

  /** Empty for text and for nested types. */
  static Optional<Scalar> of(DataType type) {
    Scalar number = number(type);
    return Optional.ofNullable(number == null ? other(type) : number);
  }

  private static Scalar plain(String method, ValueWriter writer) {
    return Scalar.of(PlainText.class, method, writer);
  }

  private static @Nullable Scalar number(DataType type) {
    if (type instanceof DecimalType decimal) {
      int precision = decimal.precision();
      int scale = decimal.scale();
      return plain(
          "putDecimal",
          (row, i, sink) -> PlainText.putDecimal(sink, row.getDecimal(i, precision, scale)));
    }
    if (type instanceof IntegerType) {
      return plain("putLong", (row, i, sink) -> PlainText.putLong(sink, row.getInt(i)));
    }
    if (type instanceof LongType) {
      return plain("putLong", (row, i, sink) -> PlainText.putLong(sink, row.getLong(i)));
    }
    if (type instanceof ShortType) {
      return plain("putLong", (row, i, sink) -> PlainText.putLong(sink, row.getShort(i)));
    }
    if (type instanceof ByteType) {
      return plain("putLong", (row, i, sink) -> PlainText.putLong(sink, row.getByte(i)));
    }
    if (type instanceof DoubleType) {
      return plain("putDouble", (row, i, sink) -> PlainText.putDouble(sink, row.getDouble(i)));
    }
    if (type instanceof FloatType) {
      return plain("putFloat", (row, i, sink) -> PlainText.putFloat(sink, row.getFloat(i)));
    }
    return null;
  }

  private static @Nullable Scalar other(DataType type) {
    if (type instanceof BooleanType) {
      return plain("putBoolean", (row, i, sink) -> PlainText.putBoolean(sink, row.getBoolean(i)));
    }
    if (type instanceof DateType) {
      return plain("putDate", (row, i, sink) -> PlainText.putDate(sink, row.getInt(i)));
    }
    if (type instanceof TimestampType) {
      return plain("putInstant", (row, i, sink) -> PlainText.putInstant(sink, row.getLong(i)));
    }
    if (type instanceof TimestampNTZType) {
      return plain("putDateTime", (row, i, sink) -> PlainText.putDateTime(sink, row.getLong(i)));
    }
    if (type instanceof BinaryType) {
      return plain("putHex", (row, i, sink) -> PlainText.putHex(sink, row.getBinary(i)));
    }
    return null;
  }
}
