package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** super: JSON text, at most 16 MB. */
final class SuperConverter implements FieldConverter {
  private static final int LONGEST = 16 << 20;
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    if (field.length() > LONGEST) {
      throw new RowFault(RowFault.RANGE, "SUPER value exceeds 16 MB");
    }
    if (!isOneValue(field)) {
      throw new RowFault(RowFault.SUPER, "Invalid JSON format for SUPER data type");
    }
    out.appendEscaped(field.bytes, field.start, field.end);
  }

  private static boolean isOneValue(Field field) {
    try (JsonParser parser = JSON.createParser(field.bytes, field.start, field.length())) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return false;
      }
      int depth = 0;
      JsonToken token = first;
      do {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (isText(token) && parser.getText().indexOf('\0') >= 0) {
          return false;
        }
        token = depth > 0 ? parser.nextToken() : null;
      } while (token != null);
      return depth == 0 && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isText(JsonToken token) {
    return token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
  }
}
