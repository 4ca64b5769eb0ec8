package io.penstock.sandbox.redshift.copy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows as lines of text. */
interface RowEncoder {

  /** The line with the columns' names, or nothing. */
  void header(StringBuilder line);

  /**
   * @param row values in PostgreSQL's text format
   */
  void row(List<@Nullable String> row, StringBuilder line);

  static RowEncoder of(UnloadFormat format, List<TargetColumn> columns) {
    return format instanceof UnloadFormat.Text text
        ? new TextEncoder(text, columns)
        : new JsonEncoder(columns);
  }

  /** PostgreSQL writes {@code \x6162} where Redshift writes {@code 6162}. */
  static String value(TargetColumn column, String value) {
    return column.type().equals("bytea") && value.startsWith("\\x") ? value.substring(2) : value;
  }
}
