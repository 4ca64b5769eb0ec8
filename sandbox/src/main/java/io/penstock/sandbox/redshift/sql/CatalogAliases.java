package io.penstock.sandbox.redshift.sql;

import java.util.HashMap;
import java.util.Map;

/**
 * Redshift lets a query name a column alias of its own select list, in WHERE and in later select
 * items, and its JDBC driver does so in the queries on the catalog. There, an alias never hides a
 * column, so each can be exchanged for what it stands for. In other queries it is left to
 * PostgreSQL, which refuses it.
 */
final class CatalogAliases {
  private final Statement statement;
  private final StringBuilder out = new StringBuilder();
  private int copied;

  private CatalogAliases(Statement statement) {
    this.statement = statement;
  }

  /** The statement itself where it is no such query. */
  static Statement resolved(Statement statement) {
    boolean ofCatalog =
        statement.contains("pg_catalog", ".", "pg_namespace")
            || statement.contains("svv_columns")
            || statement.contains("pg_catalog", ".", "svv_all_columns");
    return statement.startsWith("select") && ofCatalog
        ? new CatalogAliases(statement).resolved()
        : statement;
  }

  private Statement resolved() {
    int from = statement.atTopLevel(0, statement.size(), "from");
    int where = statement.atTopLevel(from, statement.size(), "where");
    int end = statement.atTopLevel(where, statement.size(), "order");
    Map<String, String> columns = columnAliases(from);
    for (int i = 1; i < statement.size(); i++) {
      if (i > where && i < end) {
        resolveInWhere(i, columns);
      } else {
        resolveInSelectList(i);
      }
    }
    if (copied == 0) {
      return statement;
    }
    out.append(statement.text(), copied, statement.text().length());
    return Tokenizer.statements(out.toString()).get(0);
  }

  private void replace(Token token, String replacement) {
    out.append(statement.text(), copied, token.start()).append(replacement);
    copied = token.end();
  }

  private void resolveInWhere(int i, Map<String, String> columns) {
    Token token = statement.token(i);
    boolean free = !statement.matches(i - 1, ".") && !statement.matches(i + 1, ".");
    String column = columns.get(token.name());
    if (token.isIdentifier() && free && column != null) {
      replace(token, column);
    }
  }

  /** An item that is {@code alias AS name}, after {@code … AS alias} in the same list. */
  private void resolveInSelectList(int i) {
    if (!statement.matches(i - 1, ",")
        || !statement.isIdentifier(i)
        || !statement.matches(i + 1, "as")) {
      return;
    }
    Token token = statement.token(i);
    for (int as = i - 3; as > 0; as--) {
      if (statement.matches(as, "as")
          && statement.isIdentifier(as + 1)
          && statement.token(as + 1).name().equals(token.name())) {
        int start = itemStart(as);
        replace(
            token,
            statement
                .text()
                .substring(statement.token(start).start(), statement.token(as).start()));
        return;
      }
    }
  }

  private int itemStart(int as) {
    int depth = 0;
    for (int i = as - 1; i > 0; i--) {
      if (statement.matches(i, ")")) {
        depth++;
      } else if (statement.matches(i, "(")) {
        depth--;
      } else if (depth == 0 && (statement.matches(i, ",") || statement.matches(i, "select"))) {
        return i + 1;
      }
    }
    return 1;
  }

  /** Of the select items {@code table.column AS alias}. */
  private Map<String, String> columnAliases(int from) {
    Map<String, String> aliases = new HashMap<>();
    for (int i = 1; i + 4 < from; i++) {
      boolean starts = i == 1 || statement.matches(i - 1, ",");
      boolean ends = i + 5 == from || statement.matches(i + 5, ",");
      if (starts
          && ends
          && statement.matches(i + 1, ".")
          && statement.matches(i + 3, "as")
          && statement.isIdentifier(i + 4)) {
        aliases.put(
            statement.token(i + 4).name(),
            statement.token(i).text() + "." + statement.token(i + 2).text());
      }
    }
    return aliases;
  }
}
