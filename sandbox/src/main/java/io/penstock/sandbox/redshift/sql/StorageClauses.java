package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** DISTSTYLE and SORTKEY, which CREATE TABLE and ALTER TABLE share. */
final class StorageClauses {
  private StorageClauses() {}

  static String style(Statement statement, int at) throws SqlError {
    if (at >= statement.size()) {
      throw Translator.syntaxError(statement.token(statement.size() - 1));
    }
    String style = statement.token(at).text().toUpperCase(Locale.ROOT);
    if (!Set.of("AUTO", "EVEN", "KEY", "ALL").contains(style)) {
      throw Translator.syntaxError(statement.token(at));
    }
    return style;
  }

  /**
   * Reads {@code [COMPOUND|INTERLEAVED] SORTKEY (…)} or {@code SORTKEY AUTO|NONE}; the index after.
   */
  static int sortKey(Statement statement, int at, TableAttributes attributes) throws SqlError {
    String style = "COMPOUND";
    int keyword = at;
    if (statement.matches(at, "compound") || statement.matches(at, "interleaved")) {
      style = statement.token(at).text().toUpperCase(Locale.ROOT);
      keyword = at + 1;
    }
    if (!statement.matches(keyword, "sortkey")) {
      throw Translator.syntaxError(statement.token(Math.min(keyword, statement.size() - 1)));
    }
    if (statement.matches(keyword + 1, "auto") || statement.matches(keyword + 1, "none")) {
      attributes.sortKey(
          statement.token(keyword + 1).text().toUpperCase(Locale.ROOT), new ArrayList<>());
      return keyword + 2;
    }
    attributes.sortKey(style, columns(statement, keyword + 1));
    return statement.closing(keyword + 1) + 1;
  }

  /** The names in the parentheses that open at {@code open}. */
  static List<String> columns(Statement statement, int open) throws SqlError {
    int close = statement.closing(open);
    List<String> columns = new ArrayList<>();
    for (int i = open + 1; i < close; i += 2) {
      boolean separated = i + 1 == close || statement.matches(i + 1, ",");
      if (!statement.isIdentifier(i) || !separated) {
        throw Translator.syntaxError(statement.token(i));
      }
      columns.add(Expressions.name(statement.token(i)));
    }
    if (columns.isEmpty() || close >= statement.size()) {
      throw Translator.syntaxError(statement.token(Math.min(open, statement.size() - 1)));
    }
    return columns;
  }
}
