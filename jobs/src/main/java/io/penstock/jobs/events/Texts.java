package io.penstock.jobs.events;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
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
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Scalars as text: whole numbers and decimals with all their digits, times in ISO 8601 and UTC,
 * binary as lower-case hexadecimal. A timestamp without a zone is one of UTC.
 */
final class Texts {
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long NANOS_PER_MICRO = 1_000L;
  private static final char REPLACED = '\uFFFD';
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Texts() {}

  /** The text of one value, which is not NULL. */
  @FunctionalInterface
  interface Text {
    String of(SpecializedGetters row, int ordinal) throws RefusedRecordException;
  }

  /** Empty for nested types. */
  static Optional<Text> of(DataType type) {
    if (type instanceof StringType) {
      return Optional.of((row, i) -> exact(row.getUTF8String(i)));
    }
    if (type instanceof DecimalType decimal) {
      int precision = decimal.precision();
      int scale = decimal.scale();
      return Optional.of(
          (row, i) -> row.getDecimal(i, precision, scale).toJavaBigDecimal().toPlainString());
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return Optional.of((row, i) -> instant(row.getLong(i)).toString());
    }
    if (type instanceof DateType) {
      return Optional.of((row, i) -> LocalDate.ofEpochDay(row.getInt(i)).toString());
    }
    if (type instanceof BinaryType) {
      return Optional.of((row, i) -> HexFormat.of().formatHex(row.getBinary(i)));
    }
    return simple(type);
  }

  private static Optional<Text> simple(DataType type) {
    if (type instanceof LongType) {
      return Optional.of((row, i) -> Long.toString(row.getLong(i)));
    }
    if (type instanceof IntegerType) {
      return Optional.of((row, i) -> Integer.toString(row.getInt(i)));
    }
    if (type instanceof ShortType) {
      return Optional.of((row, i) -> Short.toString(row.getShort(i)));
    }
    if (type instanceof ByteType) {
      return Optional.of((row, i) -> Byte.toString(row.getByte(i)));
    }
    if (type instanceof BooleanType) {
      return Optional.of((row, i) -> Boolean.toString(row.getBoolean(i)));
    }
    if (type instanceof DoubleType) {
      return Optional.of((row, i) -> Double.toString(row.getDouble(i)));
    }
    return type instanceof FloatType
        ? Optional.of((row, i) -> Float.toString(row.getFloat(i)))
        : Optional.empty();
  }

  /** The characters of a text, refused where its bytes are none: they would be replaced. */
  static String exact(UTF8String text) throws RefusedRecordException {
    String characters = text.toString();
    if (characters.indexOf(REPLACED) >= 0 && !UTF8String.fromString(characters).equals(text)) {
      throw new RefusedRecordException("a text is not valid UTF-8");
    }
    return characters;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND),
        Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO);
  }

  /** With milliseconds, as the specifications of events write times. */
  static String millis(Instant time) {
    return MILLIS.format(time);
  }
}
