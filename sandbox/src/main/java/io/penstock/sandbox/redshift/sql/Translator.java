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
          "values",
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
          "comment");

  private static final Set<String> DROPPED =
      Set.of("table", "view", "schema", "user", "group", "role", "database");

  private static final Map<String, String> LATER =
      Map.of(
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
      return isBulk(statement)
          ? new Translation.Bulk(statement.text())
          : byVerb(statement, statement.token(0).text().toLowerCase(Locale.ROOT));
    } catch (SqlError e) {
      return pass(statement, raise(e));
    }
  }

  static Translation pass(Statement statement, String sql) {
    return new Translation.Pass(statement.text(), sql);
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

  private static Translation byVerb(Statement statement, String verb) throws SqlError {
    if (PLAIN.contains(verb) || verb.equals("(")) {
      refuseForeignClauses(statement);
      return pass(statement, Expressions.rewrite(CatalogAliases.resolved(statement)));
    }
    return switch (verb) {
      case "create" -> create(statement);
      case "alter" -> alter(statement);
      case "drop" -> pass(statement, drop(statement));
      case "delete" -> pass(statement, delete(statement));
      case "merge" -> Merge.translate(statement);
      case "grant", "revoke" -> pass(statement, Grants.translate(statement));
      case "begin", "start" -> pass(statement, Transactions.begin(statement));
      case "lock" -> pass(statement, Transactions.lock(statement));
      case "set", "reset", "show" -> pass(statement, Settings.translate(statement));
      case "truncate" ->
          Translation.Steps.committing(statement.text(), "TRUNCATE TABLE", truncate(statement));
      case "analyze", "analyse", "vacuum" -> pass(statement, Maintenance.translate(statement));
      case "copy" -> pass(statement, Expressions.rewrite(statement));
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
      if (statement.matches(i, "as", "(") && isChange(statement, i + 2)) {
        throw syntaxError(statement.token(i + 2));
      }
      if (statement.startsWith("with")
          && (statement.matches(i, ")", "merge") || statement.matches(i, ")", "insert"))) {
        throw syntaxError(statement.token(i + 1));
      }
    }
  }

  private static boolean isChange(Statement statement, int at) {
    return statement.matches(at, "insert")
        || statement.matches(at, "update")
        || statement.matches(at, "delete")
        || statement.matches(at, "merge");
  }

  /** {@code DELETE [FROM] t [USING …] [WHERE …]}. */
  private static String delete(Statement statement) throws SqlError {
    refuseForeignClauses(statement);
    return statement.matches(1, "from")
        ? Expressions.rewrite(statement)
        : "DELETE FROM " + Expressions.rewrite(statement, 1, statement.size());
  }

  private static Translation create(Statement statement) throws SqlError {
    if (statement.matches(1, "view") || statement.matches(1, "or", "replace", "view")) {
      return statement.contains("no", "schema", "binding")
          ? LateBindingView.translate(statement)
          : pass(statement, Expressions.rewrite(statement));
    }
    if (statement.matches(1, "role")) {
      return Accounts.createRole(statement);
    }
    return pass(statement, created(statement));
  }

  private static String created(Statement statement) throws SqlError {
    if (statement.matches(1, "temporary", "table") || statement.matches(1, "temp", "table")) {
      return TableDefinition.translate(statement, 3);
    }
    if (statement.matches(1, "local", "temp", "table")
        || statement.matches(1, "local", "temporary", "table")) {
      return TableDefinition.translate(statement, 4);
    }
    if (statement.matches(1, "table")) {
      return TableDefinition.translate(statement, 2);
    }
    if (statement.matches(1, "schema")) {
      return Accounts.createSchema(statement);
    }
    if (statement.matches(1, "user")) {
      return Accounts.user(statement);
    }
    if (statement.matches(1, "group")) {
      return Expressions.rewrite(statement);
    }
    throw refused(form(statement));
  }

  private static Translation alter(Statement statement) throws SqlError {
    return statement.matches(1, "table")
        ? TableChange.translate(statement)
        : pass(statement, altered(statement));
  }

  private static String altered(Statement statement) throws SqlError {
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
