package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro data as a JSON document. Logical types are not looked at, since AWS documents none: a date
 * is a number, a decimal is bytes. Source: Amazon Redshift Database Developer Guide, "Avro schema".
 */
final class AvroDocument {
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private AvroDocument() {}

  static JsonNode of(Schema schema, @Nullable Object datum) {
    if (datum == null) {
      return NODES.nullNode();
    }
    return switch (schema.getType()) {
      case RECORD -> record(schema, (IndexedRecord) datum);
      case ARRAY -> array(schema, (Collection<?>) datum);
      case MAP -> map(schema, (Map<?, ?>) datum);
      case UNION -> of(branch(schema, datum), datum);
      case BYTES -> NODES.binaryNode(bytes((ByteBuffer) datum));
      case FIXED -> NODES.binaryNode(((GenericFixed) datum).bytes());
      case INT -> NODES.numberNode((Integer) datum);
      case LONG -> NODES.numberNode((Long) datum);
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

  private static ObjectNode record(Schema schema, IndexedRecord record) {
    ObjectNode node = NODES.objectNode();
    for (Schema.Field field : schema.getFields()) {
      node.set(field.name(), of(field.schema(), record.get(field.pos())));
    }
    return node;
  }

  private static ArrayNode array(Schema schema, Collection<?> elements) {
    ArrayNode node = NODES.arrayNode();
    elements.forEach(element -> node.add(of(schema.getElementType(), element)));
    return node;
  }

  private static ObjectNode map(Schema schema, Map<?, ?> entries) {
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

  /** JSON has no NaN: what is not finite is text. */
  private static JsonNode number(Number value) {
    double wide = value.doubleValue();
    if (Double.isNaN(wide) || Double.isInfinite(wide)) {
      return NODES.textNode(value.toString());
    }
    // BigDecimal has no negative zero
    return wide == 0 ? NODES.numberNode(wide) : NODES.numberNode(new BigDecimal(value.toString()));
  }
}
