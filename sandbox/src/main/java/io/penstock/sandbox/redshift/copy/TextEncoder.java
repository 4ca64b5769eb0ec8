package io.penstock.sandbox.redshift.copy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** CSV and delimited text as UNLOAD writes them. */
final class TextEncoder implements RowEncoder {
  private final UnloadFormat.Text format;
  private final List<TargetColumn> columns;
  private final char delimiter;

  TextEncoder(UnloadFormat.Text format, List<TargetColumn> columns) {
    this.format = format;
    this.columns = columns;
    this.delimiter = (char) format.delimiter();
  }

  @Override
  public void header(StringBuilder line) {
    if (format.header()) {
      for (int index = 0; index < columns.size(); index++) {
        separate(index, line);
        append(columns.get(index).name(), true, line);
      }
      line.append('\n');
    }
  }

  @Override
  public void row(List<@Nullable String> row, StringBuilder line) {
    for (int index = 0; index < columns.size(); index++) {
      separate(index, line);
      TargetColumn column = columns.get(index);
      String value = row.get(index);
      if (value == null) {
        line.append(column.type().equals("jsonb") ? "" : format.nullString());
      } else {
        append(RowEncoder.value(column, value), column.isText(), line);
      }
    }
    line.append('\n');
  }

  private void separate(int index, StringBuilder line) {
    if (index > 0) {
      line.append(delimiter);
    }
  }

  private void append(String value, boolean text, StringBuilder line) {
    if (format.csv()) {
      csv(value, line);
      return;
    }
    if (format.addQuotes()) {
      line.append('"');
    }
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (format.escape() && text && isEscaped(c)) {
        line.append('\\');
      }
      line.append(c);
    }
    if (format.addQuotes()) {
      line.append('"');
    }
  }

  private boolean isEscaped(char c) {
    return c == '\n'
        || c == '\r'
        || c == '\\'
        || c == delimiter
        || (format.addQuotes() && (c == '"' || c == '\''));
  }

  /** An empty text is quoted, which tells it from NULL. */
  private void csv(String value, StringBuilder line) {
    boolean quoted = value.isEmpty();
    for (int at = 0; at < value.length() && !quoted; at++) {
      char c = value.charAt(at);
      quoted = c == '"' || c == '\n' || c == '\r' || c == delimiter;
    }
    if (quoted) {
      line.append('"').append(value.replace("\"", "\"\"")).append('"');
    } else {
      line.append(value);
    }
  }
}
