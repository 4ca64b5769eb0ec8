package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code CREATE [OR REPLACE] VIEW v [(columns)] AS query WITH NO SCHEMA BINDING} (AWS: "CREATE
 * VIEW"). The catalog keeps the query and binds the view again whenever a definition changes
 * ({@code late-views.sql}).
 */
final class LateBindingView {
  private static final int CLAUSE = 4;

  private final Statement statement;
  private final int end;

  private LateBindingView(Statement statement) {
    this.statement = statement;
    this.end = statement.size() - CLAUSE;
  }

  static Translation translate(Statement statement) throws SqlError {
    return new LateBindingView(statement).translate();
  }

  private Translation translate() throws SqlError {
    if (!statement.matches(end, "with", "no", "schema", "binding")) {
      throw Translator.syntaxError(statement.token(statement.size() - 1));
    }
    boolean replace = statement.matches(1, "or");
    int name = replace ? 4 : 2;
    int at = statement.isIdentifier(name) ? statement.afterName(name) : name;
    String view = Expressions.rewrite(statement, name, at);
    String columns = "";
    if (statement.matches(at, "(")) {
      int close = statement.closing(at);
      columns = Expressions.rewrite(statement, at, Math.min(close + 1, end));
      at = close + 1;
    }
    if (view.isEmpty() || !statement.matches(at, "as") || at + 1 >= end) {
      throw Translator.syntaxError(statement.token(Math.min(at, statement.size() - 1)));
    }
    List<String> steps = new ArrayList<>();
    for (String schema : schemas(at + 1)) {
      // it must exist, whatever is in it
      steps.add("SELECT " + Translator.literal(Expressions.quote(schema)) + "::regnamespace");
    }
    steps.add(
        "SELECT penstock_sandbox.create_late_view("
            + Translator.literal(view)
            + ", "
            + replace
            + ", "
            + Translator.literal(columns)
            + ", "
            + Translator.literal(Expressions.rewrite(statement, at + 1, end))
            + ")");
    return Translation.Steps.within(statement.text(), "CREATE VIEW", steps.toArray(String[]::new));
  }

  /** Every table in a FROM clause has its schema's name, unless a WITH clause names it. */
  private Set<String> schemas(int from) throws SqlError {
    Set<String> schemas = new TreeSet<>();
    Set<String> named = withNames(from);
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(new Level(true));
    for (int i = from; i < end; i++) {
      Level level = levels.element();
      if (statement.matches(i, "(")) {
        boolean joined = level.inFrom && beforeTable(i - 1);
        levels.push(new Level(startsQuery(i + 1) || joined));
        levels.element().inFrom = joined && !startsQuery(i + 1);
      } else if (statement.matches(i, ")") && levels.size() > 1) {
        levels.pop();
      } else if (level.isQuery) {
        level.inFrom = inFrom(i, level.inFrom);
      }
      if (levels.element().inFrom && beforeTable(i) && isTableName(i + 1, named)) {
        schemas.add(schema(i + 1));
      }
    }
    return schemas;
  }

  private String schema(int table) throws SqlError {
    if (!statement.matches(table + 1, ".")) {
      throw new SqlError(
          "0A000",
          "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA"
              + " BINDING.");
    }
    return Expressions.name(statement.token(table));
  }

  /** An open parenthesis: whether a query stands in it, and whether its FROM list is being read. */
  private static final class Level {
    private final boolean isQuery;
    private boolean inFrom;

    Level(boolean isQuery) {
      this.isQuery = isQuery;
    }
  }

  private boolean beforeTable(int i) {
    return statement.matches(i, "from")
        || statement.matches(i, "join")
        || statement.matches(i, ",")
        || statement.matches(i, "(");
  }

  private Set<String> withNames(int from) {
    Set<String> names = new HashSet<>();
    for (int i = from; i + 2 < end; i++) {
      if (statement.isIdentifier(i)
          && statement.matches(i + 1, "as", "(")
          && (statement.matches(i - 1, "with") || statement.matches(i - 1, ","))) {
        names.add(statement.token(i).name());
      }
    }
    return names;
  }

  private boolean startsQuery(int i) {
    return statement.matches(i, "select") || statement.matches(i, "with");
  }

  private boolean inFrom(int i, boolean before) {
    if (statement.matches(i, "from") || statement.matches(i, "join")) {
      return true;
    }
    for (String word :
        new String[] {"where", "group", "order", "having", "limit", "union", "select", "on"}) {
      if (statement.matches(i, word)) {
        return false;
      }
    }
    return before;
  }

  private boolean isTableName(int i, Set<String> named) {
    return i < end
        && statement.isIdentifier(i)
        && !statement.matches(i, "select")
        && !statement.matches(i, "lateral")
        && !statement.matches(i + 1, "(")
        && !named.contains(statement.token(i).name());
  }
}
