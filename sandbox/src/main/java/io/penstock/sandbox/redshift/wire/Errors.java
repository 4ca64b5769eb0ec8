package io.penstock.sandbox.redshift.wire;

import io.penstock.sandbox.redshift.SqlError;
import java.util.LinkedHashMap;
import java.util.Map;

/** ErrorResponse messages and {@link SqlError}s (PostgreSQL manual, "Error and Notice Fields"). */
public final class Errors {
  private Errors() {}

  public static Message message(SqlError error) {
    Map<Character, String> fields = new LinkedHashMap<>();
    fields.put('S', "ERROR");
    fields.put('V', "ERROR");
    fields.put('C', error.sqlState());
    String text = error.getMessage();
    fields.put('M', text == null ? "" : text);
    String detail = error.detail();
    if (detail != null) {
      fields.put('D', detail);
    }
    String hint = error.hint();
    if (hint != null) {
      fields.put('H', hint);
    }
    return message(fields);
  }

  public static Message message(Map<Character, String> fields) {
    return message('E', fields);
  }

  /**
   * @param type of an error or a notice
   */
  public static Message message(char type, Map<Character, String> fields) {
    Message.Builder builder = Message.builder(type);
    fields.forEach((field, value) -> builder.int8(field).text(value));
    return builder.int8(0).build();
  }

  public static Map<Character, String> fields(Message message) {
    Map<Character, String> fields = new LinkedHashMap<>();
    Message.Reader reader = message.reader();
    byte field = reader.int8();
    while (field != 0) {
      fields.put((char) field, reader.text());
      field = reader.int8();
    }
    return fields;
  }

  public static SqlError error(Message message) {
    Map<Character, String> fields = fields(message);
    return new SqlError(
        fields.getOrDefault('C', "XX000"),
        fields.getOrDefault('M', ""),
        fields.get('D'),
        fields.get('H'));
  }
}
