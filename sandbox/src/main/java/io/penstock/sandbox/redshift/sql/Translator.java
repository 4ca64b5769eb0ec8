package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Turns Redshift's SQL into PostgreSQL's. A statement whose leading words are not known here is
 * refused.
 */
public final class Translator {
  /** Run by PostgreSQL after the rewriting of names and functions alone. */
  private static final Set<String> PLAIN =
      Set.of(
          "select",
          "with",
          "insert",
          "update",
          "delete",
          "values",
          "begin",
          "start",
          "commit",
          "end",
          "rollback",
          "abort",
          "explain",
          "prepare",
          "execute",
          "deallocate",
          "declare",
          "fetch",
          "close",
          "comment",
          "lock");

  private static final Set<String> DROPPED =
      Set.of("table", "view", "schema", "user", "group", "role", "database");

  private static final Map<String, String> LATER =
      Map.of(
          "merge",
          "MERGE",
          "call",
          "CALL",
          "use",
          "USE",
          "attach",
          "ATTACH",
          "detach",
          "DETACH",
          "refresh",
          "REFRESH MATERIALIZED VIEW");

  private Translator() {}

  /** One entry per statement; empty for text without any. */
  public static List<Translation> translate(String sql) {
    List<Translation> translations = new ArrayList<>();
    for (Statement statement : Tokenizer.statements(sql)) {
      translations.add(translate(statement));
    }
    return translations;
  }

  private static Translation translate(Statement statement) {
    try {
      if (isBulk(statement)) {
        return new Translation.Bulk(statement.text());
      }
      String sql = sql(statement);
      return statement.startsWith("truncate")
          ? new Translation.Committing(statement.text(), sql)
          : new Translation.Pass(statement.text(), sql);
    } catch (SqlError e) {
      return new Translation.Pass(statement.text(), raise(e));
    }
  }

  /** SQL that raises the error when its turn comes, so that the transaction fails as it should. */
  private static String raise(SqlError error) {
    return "SELECT penstock_sandbox.refuse("
        + literal(error.sqlState())
        + ", "
        + literal(String.valueOf(error.getMessage()))
        + ")";
  }

  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private static boolean isBulk(Statement statement) {
    if (statement.startsWith("unload")) {
      return true;
    }
    return statement.startsWith("copy")
        && !statement.contains("from", "stdin")
        && !statement.contains("to", "stdout");
  }

  private static String sql(Statement statement) throws SqlError {
    Token first = statement.token(0);
    if (first.is("(")) {
      return Expressions.rewrite(statement);
    }
    String verb = first.text().toLowerCase(Locale.ROOT);
    if (PLAIN.contains(verb)) {
      refuseForeignClauses(statement);
      return Expressions.rewrite(CatalogAliases.resolved(statement));
    }
    return switch (verb) {
      case "create" -> create(statement);
      case "alter" -> alter(statement);
      case "drop" -> drop(statement);
      case "grant", "revoke" -> Grants.translate(statement);
      case "set", "reset", "show" -> Settings.translate(statement);
      case "truncate" -> truncate(statement);
      case "analyze", "analyse", "vacuum" -> Maintenance.translate(statement);
      case "copy" -> Expressions.rewrite(statement);
      default -> throw refused(LATER.getOrDefault(verb, verb.toUpperCase(Locale.ROOT)));
    };
  }

  static SqlError refused(String what) {
    return new SqlError("0A000", what + " is not supported by the sandbox");
  }

  static SqlError syntaxError(Token token) {
    return new SqlError("42601", "syntax error at or near \"" + token.text() + "\"");
  }

  /** What PostgreSQL would take and Redshift does not. */
  private static void refuseForeignClauses(Statement statement) throws SqlError {
    for (int i = 0; i < statement.size(); i++) {
      if (statement.matches(i, "returning") && !statement.matches(i + 1, "(")) {
        throw syntaxError(statement.token(i));
      }
      if (statement.matches(i, "on", "conflict")) {
        throw syntaxError(statement.token(i + 1));
      }
      if (statement.matches(i, "for", "update") || statement.matches(i, "for", "share")) {
        throw new SqlError("0A000", "SELECT FOR UPDATE is not supported");
      }
    }
  }

  private static String create(Statement statement) throws SqlError {
    int at = 1;
    if (statement.matches(at, "temporary", "table") || statement.matches(at, "temp", "table")) {
      return TableDefinition.translate(statement, 3);
    }
    if (statement.matches(at, "local", "temp", "table")
        || statement.matches(at, "local", "temporary", "table")) {
      return TableDefinition.translate(statement, 4);
    }
    if (statement.matches(at, "table")) {
      return TableDefinition.translate(statement, 2);
    }
    if (statement.matches(at, "view") || statement.matches(at, "or", "replace", "view")) {
      if (statement.contains("no", "schema", "binding")) {
        throw refused("CREATE VIEW WITH NO SCHEMA BINDING");
      }
      return Expressions.rewrite(statement);
    }
    if (statement.matches(at, "schema")) {
      return Accounts.createSchema(statement);
    }
    if (statement.matches(at, "user")) {
      return Accounts.user(statement);
    }
    if (statement.matches(at, "group") || statement.matches(at, "role")) {
      return Expressions.rewrite(statement);
    }
    throw refused(form(statement));
  }

  private static String alter(Statement statement) throws SqlError {
    if (statement.matches(1, "table")) {
      return TableChange.translate(statement);
    }
    if (statement.matches(1, "user")) {
      return Accounts.user(statement);
    }
    if (statement.matches(1, "default", "privileges")) {
      return Grants.translate(statement);
    }
    if (statement.matches(1, "schema") && statement.contains("quota")) {
      throw refused("ALTER SCHEMA QUOTA");
    }
    if (statement.matches(1, "schema") || statement.matches(1, "group")) {
      return Expressions.rewrite(statement);
    }
    throw refused(form(statement));
  }

  private static String drop(Statement statement) throws SqlError {
    if (statement.size() > 1
        && DROPPED.contains(statement.token(1).text().toLowerCase(Locale.ROOT))) {
      return Expressions.rewrite(statement);
    }
    throw refused(form(statement));
  }

  private static String truncate(Statement statement) throws SqlError {
    int name = statement.matches(1, "table") ? 2 : 1;
    int end = statement.afterName(name);
    if (!statement.isIdentifier(name)) {
      throw syntaxError(statement.token(statement.size() - 1));
    }
    if (end < statement.size()) {
      throw syntaxError(statement.token(end));
    }
    return Expressions.rewrite(statement);
  }

  /** The first words, as the name of a statement form: {@code CREATE EXTERNAL SCHEMA}. */
  private static String form(Statement statement) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < Math.min(3, statement.size()); i++) {
      Token token = statement.token(i);
      if (token.kind() != Token.Kind.WORD || (i == 2 && !isFormWord(token))) {
        break;
      }
      form.append(i == 0 ? "" : " ").append(token.text().toUpperCase(Locale.ROOT));
    }
    return form.toString();
  }

  private static boolean isFormWord(Token token) {
    return Set.of("schema", "table", "view", "function", "procedure", "model", "provider", "policy")
        .contains(token.text().toLowerCase(Locale.ROOT));
  }
}
