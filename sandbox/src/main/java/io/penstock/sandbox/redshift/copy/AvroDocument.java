package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Avro data as a JSON document; dates, times and decimals as Redshift spells them. */
final class AvroDocument {
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private final boolean epochTimes;

  AvroDocument(boolean epochTimes) {
    this.epochTimes = epochTimes;
  }

  JsonNode of(Schema schema, @Nullable Object datum) {
    if (datum == null) {
      return NODES.nullNode();
    }
    return switch (schema.getType()) {
      case RECORD -> record(schema, (IndexedRecord) datum);
      case ARRAY -> array(schema, (Collection<?>) datum);
      case MAP -> map(schema, (Map<?, ?>) datum);
      case UNION -> of(branch(schema, datum), datum);
      case BYTES -> bytes(schema, bytes((ByteBuffer) datum));
      case FIXED -> bytes(schema, ((GenericFixed) datum).bytes());
      case INT -> integer(schema.getLogicalType(), (Integer) datum);
      case LONG -> longInteger(schema.getLogicalType(), (Long) datum);
      case FLOAT -> number((Float) datum);
      case DOUBLE -> number((Double) datum);
      case BOOLEAN -> NODES.booleanNode((Boolean) datum);
      case STRING, ENUM -> NODES.textNode(datum.toString());
      case NULL -> NODES.nullNode();
    };
  }

  private static Schema branch(Schema union, Object datum) {
    return union
        .getTypes()
        .get(org.apache.avro.generic.GenericData.get().resolveUnion(union, datum));
  }

  private ObjectNode record(Schema schema, IndexedRecord record) {
    ObjectNode node = NODES.objectNode();
    for (Schema.Field field : schema.getFields()) {
      node.set(field.name(), of(field.schema(), record.get(field.pos())));
    }
    return node;
  }

  private ArrayNode array(Schema schema, Collection<?> elements) {
    ArrayNode node = NODES.arrayNode();
    elements.forEach(element -> node.add(of(schema.getElementType(), element)));
    return node;
  }

  private ObjectNode map(Schema schema, Map<?, ?> entries) {
    ObjectNode node = NODES.objectNode();
    entries.forEach(
        (key, value) -> node.set(String.valueOf(key), of(schema.getValueType(), value)));
    return node;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static JsonNode bytes(Schema schema, byte[] bytes) {
    return schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
        ? NODES.textNode(new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString())
        : NODES.binaryNode(bytes);
  }

  private static JsonNode integer(@Nullable LogicalType type, int value) {
    if (type instanceof LogicalTypes.Date) {
      return NODES.textNode(LocalDate.ofEpochDay(value).toString());
    }
    if (type instanceof LogicalTypes.TimeMillis) {
      return NODES.textNode(time(value * 1_000_000L));
    }
    return NODES.numberNode(value);
  }

  private JsonNode longInteger(@Nullable LogicalType type, long value) {
    if (type instanceof LogicalTypes.TimeMicros) {
      return NODES.textNode(time(value * 1_000));
    }
    if (epochTimes || type == null) {
      return NODES.numberNode(value);
    }
    return switch (type.getName()) {
      case "timestamp-millis", "local-timestamp-millis" -> timestamp(value, 1_000);
      case "timestamp-micros", "local-timestamp-micros" -> timestamp(value, 1_000_000);
      default -> NODES.numberNode(value);
    };
  }

  private static JsonNode timestamp(long value, long perSecond) {
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(value, perSecond),
            Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond));
    return NODES.textNode(
        new DateTime(instant.atOffset(ZoneOffset.UTC).toLocalDateTime(), null).timestamp());
  }

  private static String time(long nanoseconds) {
    String text = LocalTime.ofNanoOfDay(nanoseconds).toString();
    return text.length() == 5 ? text + ":00" : text;
  }

  /** JSON has no NaN: what is not finite is text. */
  private static JsonNode number(Number value) {
    double wide = value.doubleValue();
    return Double.isNaN(wide) || Double.isInfinite(wide)
        ? NODES.textNode(value.toString())
        : NODES.numberNode(new BigDecimal(value.toString()));
  }
}
