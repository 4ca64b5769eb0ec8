package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.List;

/** VACUUM and ANALYZE, whose options concern storage that PostgreSQL does not have. */
final class Maintenance {
  private static final List<String[]> VACUUM_KINDS =
      List.of(
          new String[] {"full"},
          new String[] {"sort", "only"},
          new String[] {"delete", "only"},
          new String[] {"reindex"},
          new String[] {"recluster"});

  private Maintenance() {}

  static String translate(Statement statement) throws SqlError {
    return statement.startsWith("vacuum") ? vacuum(statement) : analyze(statement);
  }

  private static String vacuum(Statement statement) throws SqlError {
    int at = 1;
    for (String[] kind : VACUUM_KINDS) {
      if (statement.matches(at, kind)) {
        at += kind.length;
        break;
      }
    }
    String table = "";
    if (statement.isIdentifier(at) && !statement.matches(at, "to") && !isBoost(statement, at)) {
      int end = statement.afterName(at);
      table = " " + Expressions.rewrite(statement, at, end);
      at = end;
    }
    if (statement.matches(at, "to")) {
      at += 3;
    }
    if (isBoost(statement, at)) {
      at++;
    }
    refuseRest(statement, at);
    return "VACUUM" + table;
  }

  private static boolean isBoost(Statement statement, int at) {
    return statement.matches(at, "boost") && at == statement.size() - 1;
  }

  private static String analyze(Statement statement) throws SqlError {
    int at = statement.matches(1, "verbose") ? 2 : 1;
    if (statement.matches(at, "compression")) {
      throw Translator.refused("ANALYZE COMPRESSION");
    }
    if (at >= statement.size() || isColumnsClause(statement, at)) {
      refuseRest(statement, isColumnsClause(statement, at) ? at + 2 : at);
      return "ANALYZE";
    }
    int end = statement.afterName(at);
    if (statement.matches(end, "(")) {
      end = statement.closing(end) + 1;
    }
    refuseRest(statement, isColumnsClause(statement, end) ? end + 2 : end);
    return "ANALYZE " + Expressions.rewrite(statement, at, Math.min(end, statement.size()));
  }

  private static boolean isColumnsClause(Statement statement, int at) {
    return statement.matches(at, "predicate", "columns") || statement.matches(at, "all", "columns");
  }

  private static void refuseRest(Statement statement, int at) throws SqlError {
    if (at < statement.size()) {
      throw Translator.syntaxError(statement.token(at));
    }
  }
}
