package io.penstock.jobs.sync;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Values as bytes. Each begins with a tag of its type, and what has no fixed length says its
 * length, so that no two sequences of values have the same bytes; NULL has a tag of its own.
 * Entries of maps are put in order.
 */
final class ValueBytes {
  private static final int FIRST_CAPACITY = 512;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int length;

  void clear() {
    length = 0;
  }

  byte[] digest(MessageDigest digest) {
    digest.update(bytes, 0, length);
    return digest.digest();
  }

  /** The fields of a row, or of a struct within one. */
  void putFields(InternalRow row, StructType type) {
    for (int i = 0; i < type.size(); i++) {
      put(row, i, type.apply(i).dataType());
    }
  }

  private void put(SpecializedGetters values, int at, DataType type) {
    if (type instanceof NullType || values.isNullAt(at)) {
      putByte('N');
    } else if (type instanceof BooleanType) {
      putByte(values.getBoolean(at) ? 'T' : 'F');
    } else if (type instanceof ByteType) {
      putLong('i', values.getByte(at));
    } else if (type instanceof ShortType) {
      putLong('i', values.getShort(at));
    } else if (type instanceof IntegerType) {
      putLong('i', values.getInt(at));
    } else if (type instanceof LongType) {
      putLong('i', values.getLong(at));
    } else if (type instanceof FloatType) {
      putLong('f', Float.floatToIntBits(values.getFloat(at)));
    } else if (type instanceof DoubleType) {
      putLong('d', Double.doubleToLongBits(values.getDouble(at)));
    } else if (type instanceof DateType) {
      putLong('D', values.getInt(at));
    } else if (type instanceof TimestampType) {
      putLong('Z', values.getLong(at));
    } else if (type instanceof TimestampNTZType) {
      putLong('L', values.getLong(at));
    } else {
      putVariable(values, at, type);
    }
  }

  private void putVariable(SpecializedGetters values, int at, DataType type) {
    if (type instanceof StringType) {
      putText(values.getUTF8String(at));
    } else if (type instanceof BinaryType) {
      putBytes('b', values.getBinary(at));
    } else if (type instanceof DecimalType decimal) {
      putLong('n', decimal.scale());
      putBytes(
          'u',
          values
              .getDecimal(at, decimal.precision(), decimal.scale())
              .toJavaBigDecimal()
              .unscaledValue()
              .toByteArray());
    } else if (type instanceof StructType struct) {
      putLong('S', struct.size());
      putFields(values.getStruct(at, struct.size()), struct);
    } else if (type instanceof ArrayType array) {
      putArray(values.getArray(at), array.elementType());
    } else if (type instanceof MapType map) {
      putMap(values.getMap(at), map);
    } else {
      throw new IllegalStateException("no bytes for values of type " + type.simpleString());
    }
  }

  private void putArray(ArrayData array, DataType type) {
    putLong('A', array.numElements());
    for (int i = 0; i < array.numElements(); i++) {
      put(array, i, type);
    }
  }

  private void putMap(MapData map, MapType type) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < map.numElements(); i++) {
      ValueBytes entry = new ValueBytes();
      entry.put(map.keyArray(), i, type.keyType());
      entry.put(map.valueArray(), i, type.valueType());
      entries.add(Arrays.copyOf(entry.bytes, entry.length));
    }
    entries.sort(Arrays::compareUnsigned);
    putLong('M', entries.size());
    entries.forEach(entry -> putBytes('e', entry));
  }

  private void putText(UTF8String text) {
    int size = text.numBytes();
    putLong('t', size);
    reserve(size);
    text.writeToMemory(bytes, org.apache.spark.unsafe.Platform.BYTE_ARRAY_OFFSET + (long) length);
    length += size;
  }

  private void putBytes(char tag, byte[] value) {
    putLong(tag, value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void putByte(char tag) {
    reserve(1);
    bytes[length++] = (byte) tag;
  }

  private void putLong(char tag, long value) {
    reserve(1 + Long.BYTES);
    bytes[length++] = (byte) tag;
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
    }
  }
}
