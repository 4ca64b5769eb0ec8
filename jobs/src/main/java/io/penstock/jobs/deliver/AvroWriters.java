package io.penstock.jobs.deliver;

import io.penstock.jobs.deliver.ScalarWriters.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Values in Avro's binary encoding (Apache Avro specification, "Binary encoding"), in the schema
 * that Spark gives a type. Public for generated code.
 */
public final class AvroWriters {
  private static final int LONGEST_VARINT = 10;

  private final String column;

  private AvroWriters(String column) {
    this.column = column;
  }

  /**
   * The writer of values that are not null.
   *
   * @param schema of the values, without the union with null
   */
  static ValueWriter of(DataType type, Schema schema, String column) {
    return new AvroWriters(column).writer(type, schema);
  }

  /** The branch of a union with null that values take; null for a schema that is no union. */
  static @Nullable Integer valueBranch(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return null;
    }
    return schema.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0;
  }

  /** The schema of values that are not null. */
  static Schema ofValues(Schema schema) {
    Integer branch = valueBranch(schema);
    return branch == null ? schema : schema.getTypes().get(branch);
  }

  private static Scalar scalar(String method, ValueWriter writer) {
    return Scalar.of(AvroWriters.class, method, writer);
  }

  /** Null for types whose bytes depend on more than the value. */
  static @Nullable Scalar scalar(DataType type) {
    if (type instanceof IntegerType || type instanceof DateType) {
      return scalar("putLong", (row, i, sink) -> putLong(sink, row.getInt(i)));
    }
    if (type instanceof LongType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType) {
      return scalar("putLong", (row, i, sink) -> putLong(sink, row.getLong(i)));
    }
    if (type instanceof ShortType) {
      return scalar("putLong", (row, i, sink) -> putLong(sink, row.getShort(i)));
    }
    if (type instanceof ByteType) {
      return scalar("putLong", (row, i, sink) -> putLong(sink, row.getByte(i)));
    }
    if (type instanceof DoubleType) {
      return scalar("putDouble", (row, i, sink) -> putDouble(sink, row.getDouble(i)));
    }
    if (type instanceof FloatType) {
      return scalar("putFloat", (row, i, sink) -> putFloat(sink, row.getFloat(i)));
    }
    if (type instanceof BooleanType) {
      return scalar("putBoolean", (row, i, sink) -> putBoolean(sink, row.getBoolean(i)));
    }
    if (type instanceof BinaryType) {
      return scalar("putBytes", (row, i, sink) -> putBytes(sink, row.getBinary(i)));
    }
    return null;
  }

  private ValueWriter writer(DataType type, Schema schema) {
    Scalar scalar = scalar(type);
    if (scalar != null) {
      return scalar.writer();
    }
    if (type instanceof StringType) {
      return (row, i, sink) -> putString(sink, row.getUTF8String(i), column);
    }
    if (type instanceof DecimalType decimal) {
      int size = schema.getFixedSize();
      return (row, i, sink) ->
          putFixed(sink, row.getDecimal(i, decimal.precision(), decimal.scale()), size);
    }
    if (type instanceof StructType struct) {
      return struct(struct, schema);
    }
    if (type instanceof ArrayType array) {
      ValueWriter element = element(array.elementType(), schema.getElementType());
      return (row, i, sink) -> putArray(sink, row.getArray(i), element);
    }
    if (type instanceof MapType map && map.keyType() instanceof StringType) {
      ValueWriter key = writer(map.keyType(), schema);
      ValueWriter value = element(map.valueType(), schema.getValueType());
      return (row, i, sink) -> putMap(sink, row.getMap(i), key, value);
    }
    throw DeliveryErrors.typeRefused(column, type.simpleString(), "avro");
  }

  /** Of values that may be null where the schema is a union. */
  private ValueWriter element(DataType type, Schema schema) {
    Integer branch = valueBranch(schema);
    ValueWriter value = writer(type, ofValues(schema));
    if (branch == null) {
      return value;
    }
    return (row, i, sink) -> {
      boolean isNull = row.isNullAt(i);
      putLong(sink, isNull ? 1 - branch : branch);
      if (!isNull) {
        value.write(row, i, sink);
      }
    };
  }

  private ValueWriter struct(StructType struct, Schema schema) {
    List<ValueWriter> fields = new ArrayList<>();
    for (StructField field : struct.fields()) {
      fields.add(element(field.dataType(), schema.getFields().get(fields.size()).schema()));
    }
    return (row, i, sink) -> {
      InternalRow value = row.getStruct(i, fields.size());
      for (int at = 0; at < fields.size(); at++) {
        fields.get(at).write(value, at, sink);
      }
    };
  }

  private static void putArray(ByteSink sink, ArrayData array, ValueWriter element) {
    int count = array.numElements();
    if (count > 0) {
      putLong(sink, count);
      for (int i = 0; i < count; i++) {
        element.write(array, i, sink);
      }
    }
    putLong(sink, 0);
  }

  private static void putMap(ByteSink sink, MapData map, ValueWriter key, ValueWriter value) {
    int count = map.numElements();
    if (count > 0) {
      SpecializedGetters keys = map.keyArray();
      SpecializedGetters values = map.valueArray();
      putLong(sink, count);
      for (int i = 0; i < count; i++) {
        key.write(keys, i, sink);
        value.write(values, i, sink);
      }
    }
    putLong(sink, 0);
  }

  /** Zigzag, seven bits in each byte, the lowest first. */
  public static void putLong(ByteSink sink, long value) {
    sink.reserve(LONGEST_VARINT);
    byte[] buffer = sink.buffer;
    int at = sink.position;
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      buffer[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[at++] = (byte) rest;
    sink.position = at;
  }

  public static void putDouble(ByteSink sink, double value) {
    sink.putLittleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
  }

  public static void putFloat(ByteSink sink, float value) {
    sink.putLittleEndian(Float.floatToRawIntBits(value), Float.BYTES);
  }

  public static void putBoolean(ByteSink sink, boolean value) {
    sink.put((byte) (value ? 1 : 0));
  }

  public static void putBytes(ByteSink sink, byte[] value) {
    putLong(sink, value.length);
    sink.put(value);
  }

  static void putString(ByteSink sink, UTF8String text, String column) {
    if (!Utf8.isValid(text.getBaseObject(), text.getBaseOffset(), text.numBytes())) {
      throw TextErrors.notUtf8(column);
    }
    putLong(sink, text.numBytes());
    sink.put(text);
  }

  /** The unscaled value, the highest byte first, in two's complement. */
  private static void putFixed(ByteSink sink, Decimal value, int size) {
    sink.reserve(size);
    if (value.precision() <= Decimal.MAX_LONG_DIGITS()) {
      long unscaled = value.toUnscaledLong();
      for (int i = size - 1; i >= 0; i--) {
        sink.buffer[sink.position + i] = (byte) unscaled;
        unscaled >>= 8;
      }
    } else {
      byte[] bytes = value.toJavaBigDecimal().unscaledValue().toByteArray();
      int padding = size - bytes.length;
      for (int i = 0; i < size; i++) {
        byte sign = (byte) (bytes[0] < 0 ? -1 : 0);
        sink.buffer[sink.position + i] = i < padding ? sign : bytes[i - padding];
      }
    }
    sink.position += size;
  }
}
