package io.penstock.jobs.read.redshift;

import io.penstock.common.schema.RedshiftType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** A column of a file in the type of the source; nothing is lost, or the value is refused. */
final class ConvertedVector extends ColumnVector {
  private static final long MICROS_OF_DAY = TimeUnit.DAYS.toMicros(1);

  private static final UTF8String JSON_NULL = UTF8String.fromString("null");

  private final ColumnVector from;
  private final DataType found;
  private final boolean json;

  private ConvertedVector(ColumnVector from, DataType found, DataType type, boolean json) {
    super(type);
    this.from = from;
    this.found = found;
    this.json = json;
  }

  /** The column itself where the types agree; empty where they cannot be brought together. */
  static Optional<ColumnVector> of(ColumnVector from, DataType found, RedshiftType wanted) {
    DataType type = SourceTypes.type(wanted);
    boolean json = wanted.kind() == RedshiftType.Kind.SUPER;
    if (!json && found.equals(type) || isTimestamp(found) && isTimestamp(type)) {
      // both timestamps are microseconds: of the wall clock, or of UTC
      return Optional.of(from);
    }
    return converts(found, wanted)
        ? Optional.of(new ConvertedVector(from, found, type, json))
        : Optional.empty();
  }

  private static boolean converts(DataType found, RedshiftType wanted) {
    return switch (wanted.kind()) {
      case SMALLINT, INTEGER, BIGINT -> isWhole(found);
      case DECIMAL -> found instanceof DecimalType || isWhole(found);
      case DOUBLE -> found instanceof FloatType;
      case CHAR, VARCHAR -> found instanceof BinaryType;
      case SUPER -> found instanceof BinaryType || found instanceof StringType;
      case DATE -> isTimestamp(found);
      case VARBYTE -> found instanceof StringType;
      default -> false;
    };
  }

  private static boolean isWhole(DataType type) {
    return type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  private static boolean isTimestamp(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }

  private long whole(int row) {
    if (found instanceof LongType) {
      return from.getLong(row);
    }
    if (found instanceof ShortType) {
      return from.getShort(row);
    }
    return found instanceof ByteType ? from.getByte(row) : from.getInt(row);
  }

  @Override
  public short getShort(int row) {
    long value = whole(row);
    if (value != (short) value) {
      throw new ArithmeticException("not a smallint");
    }
    return (short) value;
  }

  @Override
  public int getInt(int row) {
    return type instanceof DateType
        ? Math.toIntExact(Math.floorDiv(from.getLong(row), MICROS_OF_DAY))
        : Math.toIntExact(whole(row));
  }

  @Override
  public long getLong(int row) {
    return whole(row);
  }

  @Override
  public double getDouble(int row) {
    return from.getFloat(row);
  }

  /** Throws ArithmeticException for a value that does not fit. */
  @Override
  public @Nullable Decimal getDecimal(int row, int precision, int scale) {
    if (from.isNullAt(row)) {
      return null;
    }
    Decimal value =
        found instanceof DecimalType decimal
            ? from.getDecimal(row, decimal.precision(), decimal.scale())
            : Decimal.apply(whole(row));
    return Decimal.apply(
        value.toJavaBigDecimal().setScale(scale, java.math.RoundingMode.UNNECESSARY),
        precision,
        scale);
  }

  @Override
  public @Nullable UTF8String getUTF8String(int row) {
    return isNullAt(row) ? null : text(row);
  }

  private UTF8String text(int row) {
    return found instanceof BinaryType
        ? UTF8String.fromBytes(from.getBinary(row))
        : from.getUTF8String(row);
  }

  /** UNLOAD wrote VARBYTE as hexadecimal digits. */
  @Override
  public byte @Nullable [] getBinary(int row) {
    return from.isNullAt(row)
        ? null
        : HexFormat.of()
            .parseHex(new String(from.getUTF8String(row).getBytes(), StandardCharsets.US_ASCII));
  }

  @Override
  public boolean hasNull() {
    return json || from.hasNull();
  }

  @Override
  public int numNulls() {
    return from.numNulls();
  }

  @Override
  public boolean isNullAt(int row) {
    // JSON's own null is NULL, as Redshift compares it
    return from.isNullAt(row) || json && text(row).equals(JSON_NULL);
  }

  @Override
  public boolean getBoolean(int row) {
    return from.getBoolean(row);
  }

  @Override
  public byte getByte(int row) {
    return from.getByte(row);
  }

  @Override
  public float getFloat(int row) {
    return from.getFloat(row);
  }

  @Override
  public ColumnarArray getArray(int row) {
    return from.getArray(row);
  }

  @Override
  public ColumnarMap getMap(int row) {
    return from.getMap(row);
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw new UnsupportedOperationException("no column of Redshift is nested");
  }

  /** The reader closes what it read into. */
  @Override
  public void close() {}
}
