package io.penstock.jobs.events;

import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.JsonText;
import io.penstock.jobs.events.Texts.Text;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
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

/**
 * Values as JSON (RFC 8259): numbers with all their digits, text that is JSON as it is, NaN and the
 * infinities, which JSON lacks, as strings; what else is scalar as {@link Texts} has it.
 */
final class JsonValues {
  private JsonValues() {}

  /**
   * The writer of a column.
   *
   * @throws PenstockException {@code DELIVERY_VALUE_REFUSED} for a type that JSON has no form for
   */
  static JsonValue of(StructField column) {
    boolean json =
        column.metadata().contains(JsonText.METADATA)
            && column.metadata().getBoolean(JsonText.METADATA);
    return json && column.dataType() instanceof StringType
        ? (row, i, out) -> out.writeRawValue(onOneLine(Texts.exact(row.getUTF8String(i))))
        : of(column.dataType(), column.name());
  }

  /** Strings within JSON hold no line ending as it is, so that these are mere blanks. */
  private static String onOneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }

  private static JsonValue of(DataType type, String column) {
    if (type instanceof StructType struct) {
      return struct(struct, column);
    }
    if (type instanceof ArrayType array) {
      JsonValue element = of(array.elementType(), column);
      return (row, i, out) -> writeArray(row.getArray(i), element, out);
    }
    if (type instanceof MapType map) {
      Text key = text(map.keyType(), column);
      JsonValue value = of(map.valueType(), column);
      return (row, i, out) -> writeMap(row.getMap(i), key, value, out);
    }
    Optional<JsonValue> number = number(type);
    if (number.isPresent()) {
      return number.get();
    }
    Text text = text(type, column);
    return (row, i, out) -> out.writeString(text.of(row, i));
  }

  private static Text text(DataType type, String column) {
    return Texts.of(type)
        .orElseThrow(
            () ->
                PenstockException.of(
                    ErrorCode.DELIVERY_VALUE_REFUSED,
                    "column \"" + column + "\" cannot be part of an event",
                    "its type is " + type.simpleString() + ", which JSON has no form for",
                    "cast or leave out the column in the query or the template"));
  }

  /** Of types whose values stand in no quotes. */
  private static Optional<JsonValue> number(DataType type) {
    if (type instanceof LongType) {
      return Optional.of((row, i, out) -> out.writeNumber(row.getLong(i)));
    }
    if (type instanceof IntegerType) {
      return Optional.of((row, i, out) -> out.writeNumber(row.getInt(i)));
    }
    if (type instanceof ShortType) {
      return Optional.of((row, i, out) -> out.writeNumber(row.getShort(i)));
    }
    if (type instanceof ByteType) {
      return Optional.of((row, i, out) -> out.writeNumber(row.getByte(i)));
    }
    if (type instanceof BooleanType) {
      return Optional.of((row, i, out) -> out.writeBoolean(row.getBoolean(i)));
    }
    if (type instanceof DecimalType decimal) {
      int precision = decimal.precision();
      int scale = decimal.scale();
      return Optional.of(
          (row, i, out) -> out.writeNumber(row.getDecimal(i, precision, scale).toJavaBigDecimal()));
    }
    if (type instanceof DoubleType) {
      return Optional.of((row, i, out) -> writeDouble(row.getDouble(i), out));
    }
    return type instanceof FloatType
        ? Optional.of((row, i, out) -> writeFloat(row.getFloat(i), out))
        : Optional.empty();
  }

  private static void writeDouble(double value, JsonGenerator out) throws IOException {
    if (Double.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeString(Double.toString(value));
    }
  }

  private static void writeFloat(float value, JsonGenerator out) throws IOException {
    if (Float.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeString(Float.toString(value));
    }
  }

  private static JsonValue struct(StructType struct, String column) {
    StructField[] fields = struct.fields();
    JsonValue[] values = new JsonValue[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = of(fields[i].dataType(), column);
    }
    return (row, ordinal, out) -> {
      InternalRow nested = row.getStruct(ordinal, fields.length);
      out.writeStartObject();
      for (int i = 0; i < fields.length; i++) {
        out.writeFieldName(fields[i].name());
        values[i].writeOrNull(nested, i, out);
      }
      out.writeEndObject();
    };
  }

  private static void writeArray(ArrayData array, JsonValue element, JsonGenerator out)
      throws IOException {
    out.writeStartArray();
    for (int i = 0; i < array.numElements(); i++) {
      element.writeOrNull(array, i, out);
    }
    out.writeEndArray();
  }

  private static void writeMap(MapData map, Text key, JsonValue value, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (int i = 0; i < map.numElements(); i++) {
      out.writeFieldName(key.of(map.keyArray(), i));
      value.writeOrNull(map.valueArray(), i, out);
    }
    out.writeEndObject();
  }
}
