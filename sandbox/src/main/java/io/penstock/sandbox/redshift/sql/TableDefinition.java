package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** CREATE TABLE and CREATE TABLE AS (AWS pages of these names). */
final class TableDefinition {
  private static final Set<String> RESERVED_COLUMNS =
      Set.of("oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

  private final Statement statement;
  private final TableAttributes attributes;
  private final String head;
  private int at;

  private TableDefinition(Statement statement, int name) throws SqlError {
    this.statement = statement;
    this.at = statement.afterName(name);
    Token table = statement.token(at - 1);
    this.attributes = new TableAttributes(Expressions.name(table));
    boolean marked = table.text().startsWith("#") && !statement.contains("temp", "table");
    String written = Expressions.rewrite(statement, 0, at);
    this.head =
        marked ? written.replaceFirst("(?i)^create\\s+table", "CREATE TEMP TABLE") : written;
  }

  /**
   * @param after the index of the token after TABLE
   */
  static String translate(Statement statement, int after) throws SqlError {
    int name = statement.matches(after, "if", "not", "exists") ? after + 3 : after;
    if (!statement.isIdentifier(name)) {
      throw Translator.syntaxError(statement.token(Math.min(name, statement.size() - 1)));
    }
    return new TableDefinition(statement, name).translate();
  }

  private String translate() throws SqlError {
    if (!statement.matches(at, "(")) {
      return head + storage() + query() + attributes.comment();
    }
    int close = statement.closing(at);
    if (close >= statement.size()) {
      throw Translator.syntaxError(statement.token(statement.size() - 1));
    }
    int open = at;
    at = close + 1;
    String storage = storage();
    if (at < statement.size()) {
      String names = Expressions.rewrite(statement, open, close + 1);
      return head + " " + names + storage + query() + attributes.comment();
    }
    return head + " (" + columns(open + 1, close) + ")" + storage + attributes.comment();
  }

  private String query() throws SqlError {
    if (!statement.matches(at, "as")) {
      throw Translator.syntaxError(statement.token(Math.min(at, statement.size() - 1)));
    }
    return " " + Expressions.rewrite(statement, at, statement.size());
  }

  /** Reads the table attributes up to AS or the end; nothing of them is PostgreSQL's. */
  private String storage() throws SqlError {
    while (at < statement.size() && !statement.matches(at, "as")) {
      if (statement.matches(at, "backup", "yes") || statement.matches(at, "backup", "no")) {
        at += 2;
      } else if (statement.matches(at, "encode", "auto")) {
        at += 2;
      } else if (statement.matches(at, "diststyle")) {
        attributes.distributionStyle(StorageClauses.style(statement, at + 1));
        at += 2;
      } else if (statement.matches(at, "distkey", "(")) {
        List<String> key = StorageClauses.columns(statement, at + 1);
        if (key.size() != 1) {
          throw Translator.syntaxError(statement.token(at));
        }
        attributes.distributionKey(key.get(0));
        at = statement.closing(at + 1) + 1;
      } else {
        at = StorageClauses.sortKey(statement, at, attributes);
      }
    }
    return "";
  }

  private String columns(int from, int to) throws SqlError {
    List<String> columns = new ArrayList<>();
    int start = from;
    while (start < to) {
      int end = statement.atTopLevel(start, to, ",");
      if (end == start) {
        throw Translator.syntaxError(statement.token(start));
      }
      if (!isForeignKey(start)) {
        columns.add(item(start, end));
      }
      start = end + 1;
    }
    return String.join(", ", columns);
  }

  /** Informational in Redshift, and PostgreSQL cannot store it without an index to enforce it. */
  private boolean isForeignKey(int start) {
    return statement.matches(start, "foreign", "key")
        || (statement.matches(start, "constraint")
            && statement.matches(start + 2, "foreign", "key"));
  }

  private String item(int from, int to) throws SqlError {
    int kind = statement.matches(from, "constraint") ? from + 2 : from;
    if (statement.matches(kind, "check")) {
      throw Translator.syntaxError(statement.token(kind));
    }
    if (statement.matches(kind, "primary", "key")
        || statement.matches(kind, "unique", "(")
        || statement.matches(from, "like")) {
      return Expressions.rewrite(statement, from, to);
    }
    return column(statement, from, to, attributes);
  }

  /** One column definition, from its name to before {@code to}. */
  static String column(Statement statement, int from, int to, TableAttributes attributes)
      throws SqlError {
    if (!statement.isIdentifier(from) || from + 1 >= to) {
      throw Translator.syntaxError(statement.token(from));
    }
    String name = Expressions.name(statement.token(from));
    if (RESERVED_COLUMNS.contains(name)) {
      throw new SqlError(
          "42701", "column name \"" + name + "\" conflicts with a system column name");
    }
    ColumnTypes.Parsed type = ColumnTypes.parse(statement, from + 1, name);
    StringBuilder out = new StringBuilder(Expressions.quote(name)).append(' ').append(type.type());
    int i = type.end();
    while (i < to) {
      i = columnAttribute(statement, i, to, name, attributes, out);
    }
    return out.toString();
  }

  private static int columnAttribute(
      Statement statement,
      int i,
      int to,
      String column,
      TableAttributes attributes,
      StringBuilder out)
      throws SqlError {
    if (statement.matches(i, "distkey")) {
      attributes.distributionKey(column);
      return i + 1;
    }
    if (statement.matches(i, "sortkey")) {
      attributes.addToSortKey(column);
      return i + 1;
    }
    if (statement.matches(i, "encode") && i + 1 < to) {
      attributes.encoding(column, statement.token(i + 1).name());
      return i + 2;
    }
    if (statement.matches(i, "collate")) {
      if (!statement.matches(i + 1, "case_sensitive") && !statement.matches(i + 1, "cs")) {
        throw Translator.refused("COLLATE CASE_INSENSITIVE");
      }
      return i + 2;
    }
    if (statement.matches(i, "references")) {
      int end = statement.afterName(i + 1);
      return statement.matches(end, "(") ? statement.closing(end) + 1 : end;
    }
    if (statement.matches(i, "identity", "(")) {
      return identity(statement, i, "ALWAYS", out);
    }
    if (statement.matches(i, "default", "identity", "(")) {
      return identity(statement, i + 1, "BY DEFAULT", out);
    }
    if (statement.matches(i, "generated", "by", "default", "as", "identity", "(")) {
      return identity(statement, i + 4, "BY DEFAULT", out);
    }
    if (statement.matches(i, "not", "null") || statement.matches(i, "primary", "key")) {
      out.append(' ').append(Expressions.rewrite(statement, i, i + 2));
      return i + 2;
    }
    if (statement.matches(i, "null") || statement.matches(i, "unique")) {
      out.append(' ').append(statement.token(i).text());
      return i + 1;
    }
    if (statement.matches(i, "default")) {
      int end = defaultEnd(statement, i + 1, to);
      out.append(' ').append(Expressions.rewrite(statement, i, end));
      return end;
    }
    throw Translator.syntaxError(statement.token(i));
  }

  /** {@code IDENTITY(seed, step)}. */
  private static int identity(Statement statement, int i, String when, StringBuilder out)
      throws SqlError {
    int close = statement.closing(i + 1);
    StringBuilder arguments = new StringBuilder();
    for (int j = i + 2; j < close; j++) {
      arguments.append(statement.token(j).text());
    }
    String[] parts = arguments.toString().split(",", -1);
    if (parts.length != 2 || !parts[0].matches("-?\\d+") || !parts[1].matches("-?\\d+")) {
      throw Translator.syntaxError(statement.token(i));
    }
    String bounds = parts[1].startsWith("-") ? " MAXVALUE " + parts[0] : " MINVALUE " + parts[0];
    out.append(" GENERATED ").append(when).append(" AS IDENTITY (START WITH ").append(parts[0]);
    out.append(" INCREMENT BY ").append(parts[1]).append(bounds).append(')');
    return close + 1;
  }

  private static int defaultEnd(Statement statement, int from, int to) {
    int depth = 0;
    for (int i = from; i < to; i++) {
      if (statement.matches(i, "(")) {
        depth++;
      } else if (statement.matches(i, ")")) {
        depth--;
      } else if (depth == 0 && i > from && endsDefault(statement, i)) {
        return i;
      }
    }
    return to;
  }

  private static boolean endsDefault(Statement statement, int i) {
    return statement.token(i).kind() == Token.Kind.WORD
        && Set.of(
                "not",
                "null",
                "encode",
                "distkey",
                "sortkey",
                "unique",
                "primary",
                "references",
                "collate")
            .contains(statement.token(i).text().toLowerCase(Locale.ROOT));
  }
}
