package io.penstock.jobs.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.schema.Column;
import io.penstock.common.text.TextDialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A staged row as one JSON object. The values of a CSV row are text as they were staged. */
final class StagedRow {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StagedRow() {}

  /**
   * @param record of a file of the format
   * @param format CSV as it is staged, or NDJSON
   */
  static String json(byte[] record, OutputFormat format, List<Column> columns) {
    String text = new String(record, StandardCharsets.UTF_8);
    if (!(format instanceof OutputFormat.Text csv)) {
      return text;
    }
    List<@Nullable String> fields = fields(text, csv.dialect());
    ObjectNode row = MAPPER.createObjectNode();
    for (int i = 0; i < columns.size(); i++) {
      row.put(columns.get(i).name(), i < fields.size() ? fields.get(i) : null);
    }
    return row.toString();
  }

  /** The fields of a record, with quotes doubled; the null text means NULL, quoted or not. */
  private static List<@Nullable String> fields(String record, TextDialect dialect) {
    List<@Nullable String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean within = false;
    for (int at = 0; at < record.length(); at++) {
      char c = record.charAt(at);
      if (c == '"') {
        if (within && at + 1 < record.length() && record.charAt(at + 1) == '"') {
          field.append(c);
          at++;
        } else {
          within = !within;
        }
      } else if (c == dialect.delimiter() && !within) {
        fields.add(value(field, dialect));
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(value(field, dialect));
    return fields;
  }

  private static @Nullable String value(StringBuilder field, TextDialect dialect) {
    String text = field.toString();
    return text.equals(dialect.nullText()) ? null : text;
  }
}
