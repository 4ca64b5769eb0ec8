package io.penstock.jobs.deliver;

import io.penstock.jobs.deliver.ScalarWriters.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON (RFC 8259). NULL is {@code null}; NaN and the infinities, which JSON lacks, are
 * strings; dates, timestamps and binary are strings in the form that text files have. Public for
 * generated code.
 */
public final class JsonWriters {
  static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final long QUOTES = Utf8.pattern((byte) '"');
  private static final long BACKSLASHES = Utf8.pattern((byte) '\\');

  private final String column;
  private final String format;

  private JsonWriters(String column, String format) {
    this.column = column;
    this.format = format;
  }

  /**
   * @param column for messages
   */
  static ValueWriter of(DataType type, String column, String format) {
    return new JsonWriters(column, format).writer(type);
  }

  /** Text that is one JSON value already: it becomes part of the document, on one line. */
  static ValueWriter ofJson(String column) {
    return (row, i, sink) -> {
      UTF8String text = row.getUTF8String(i);
      if (!Utf8.isValid(text.getBaseObject(), text.getBaseOffset(), text.numBytes())) {
        throw TextErrors.notUtf8(column);
      }
      int from = sink.position;
      sink.put(text);
      for (int at = from; at < sink.position; at++) {
        // strings within JSON hold no line ending as it is, so that these are mere blanks
        if (sink.buffer[at] == '\n' || sink.buffer[at] == '\r') {
          sink.buffer[at] = ' ';
        }
      }
    };
  }

  private ValueWriter writer(DataType type) {
    if (type instanceof StringType) {
      return (row, i, sink) -> putString(sink, row.getUTF8String(i), column);
    }
    if (type instanceof StructType struct) {
      JsonObject object = new JsonObject(fields(struct));
      int size = struct.size();
      return (row, i, sink) -> object.put(row.getStruct(i, size), sink);
    }
    if (type instanceof ArrayType array) {
      ValueWriter element = writer(array.elementType());
      return (row, i, sink) -> putArray(sink, row.getArray(i), element);
    }
    if (type instanceof MapType map) {
      ValueWriter key = quoted(map.keyType());
      ValueWriter value = writer(map.valueType());
      return (row, i, sink) -> putMap(sink, row.getMap(i), key, value);
    }
    Scalar number = number(type);
    return number == null ? quoted(type) : number.writer();
  }

  /** Of types whose values stand in no quotes; null for others. */
  static @Nullable Scalar number(DataType type) {
    if (type instanceof DoubleType) {
      return Scalar.of(
          JsonWriters.class, "putDouble", (row, i, sink) -> putDouble(sink, row.getDouble(i)));
    }
    if (type instanceof FloatType) {
      return Scalar.of(
          JsonWriters.class, "putFloat", (row, i, sink) -> putFloat(sink, row.getFloat(i)));
    }
    return type instanceof NumericType || type instanceof BooleanType
        ? ScalarWriters.of(type).orElse(null)
        : null;
  }

  /** As a string: what a map's key must be. */
  private ValueWriter quoted(DataType type) {
    if (type instanceof StringType) {
      return writer(type);
    }
    ValueWriter plain =
        ScalarWriters.of(type)
            .orElseThrow(() -> DeliveryErrors.typeRefused(column, type.simpleString(), format))
            .writer();
    return (row, i, sink) -> {
      sink.put('"');
      plain.write(row, i, sink);
      sink.put('"');
    };
  }

  private List<JsonObject.Member> fields(StructType struct) {
    List<JsonObject.Member> members = new ArrayList<>();
    for (StructField field : struct.fields()) {
      members.add(JsonObject.member(members.size(), field.name(), writer(field.dataType())));
    }
    return members;
  }

  private static void putArray(ByteSink sink, ArrayData array, ValueWriter element) {
    sink.put('[');
    for (int i = 0; i < array.numElements(); i++) {
      if (i > 0) {
        sink.put(',');
      }
      putElement(sink, array, i, element);
    }
    sink.put(']');
  }

  private static void putMap(ByteSink sink, MapData map, ValueWriter key, ValueWriter value) {
    sink.put('{');
    for (int i = 0; i < map.numElements(); i++) {
      if (i > 0) {
        sink.put(',');
      }
      key.write(map.keyArray(), i, sink);
      sink.put(':');
      putElement(sink, map.valueArray(), i, value);
    }
    sink.put('}');
  }

  private static void putElement(
      ByteSink sink, SpecializedGetters from, int i, ValueWriter writer) {
    if (from.isNullAt(i)) {
      sink.put(NULL);
    } else {
      writer.write(from, i, sink);
    }
  }

  public static void putDouble(ByteSink sink, double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      sink.putAscii("\"" + value + "\"");
    } else {
      PlainText.putDouble(sink, value);
    }
  }

  public static void putFloat(ByteSink sink, float value) {
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      sink.putAscii("\"" + value + "\"");
    } else {
      PlainText.putFloat(sink, value);
    }
  }

  static void putString(ByteSink sink, UTF8String text, String column) {
    Object base = text.getBaseObject();
    long offset = text.getBaseOffset();
    int count = text.numBytes();
    sink.reserve(count + 10);
    sink.buffer[sink.position++] = '"';
    int at = 0;
    boolean ascii = true;
    while (count - at >= 8) {
      long word = Platform.getLong(base, offset + at);
      if (Utf8.jsonHits(word, QUOTES, BACKSLASHES) != 0) {
        break;
      }
      ascii &= Utf8.isAscii(word);
      Platform.putLong(sink.buffer, Platform.BYTE_ARRAY_OFFSET + sink.position, word);
      sink.position += 8;
      at += 8;
    }
    for (; at < count; at++) {
      byte b = Platform.getByte(base, offset + at);
      ascii &= b >= 0;
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        putEscaped(sink, b);
        sink.reserve(count - at + 10);
      } else {
        sink.buffer[sink.position++] = b;
      }
    }
    sink.buffer[sink.position++] = '"';
    if (!ascii && !Utf8.isValid(base, offset, count)) {
      throw TextErrors.notUtf8(column);
    }
  }

  private static void putEscaped(ByteSink sink, byte b) {
    sink.put('\\');
    switch (b) {
      case '"', '\\' -> sink.put(b);
      case '\n' -> sink.put('n');
      case '\r' -> sink.put('r');
      case '\t' -> sink.put('t');
      case '\b' -> sink.put('b');
      case '\f' -> sink.put('f');
      default -> {
        sink.putAscii("u00");
        sink.put(HEX[b >> 4 & 0xF]);
        sink.put(HEX[b & 0xF]);
      }
    }
  }

  /** What precedes the value of a member. */
  static byte[] memberStart(boolean first, String name) {
    ByteSink start = new ByteSink();
    if (!first) {
      start.put(',');
    }
    putString(start, UTF8String.fromString(name), name);
    start.put(':');
    return start.bytes();
  }

  /** An object whose members come from the fields of a row; NULL is written. */
  static final class JsonObject {
    /** A field, and what precedes it: the name, and a comma unless it is the first. */
    static final class Member {
      private final int ordinal;
      private final byte[] start;
      private final ValueWriter writer;

      private Member(int ordinal, byte[] start, ValueWriter writer) {
        this.ordinal = ordinal;
        this.start = start;
        this.writer = writer;
      }
    }

    private final Member[] members;

    JsonObject(List<Member> members) {
      this.members = members.toArray(new Member[0]);
    }

    static Member member(int position, String name, ValueWriter writer) {
      return new Member(position, memberStart(position == 0, name), writer);
    }

    void put(InternalRow row, ByteSink sink) {
      sink.put('{');
      for (Member member : members) {
        sink.put(member.start);
        putElement(sink, row, member.ordinal, member.writer);
      }
      sink.put('}');
    }
  }
}
