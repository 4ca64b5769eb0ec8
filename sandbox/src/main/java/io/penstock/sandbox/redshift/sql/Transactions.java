package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;

/**
 * BEGIN and LOCK (AWS pages of these names). Every isolation level that can be named is accepted
 * and none has an effect: transactions are serializable.
 */
final class Transactions {
  private Transactions() {}

  static String begin(Statement statement) throws SqlError {
    return serializable(statement, 0);
  }

  /** From the token {@code from} on, with the isolation level exchanged where one is named. */
  static String serializable(Statement statement, int from) throws SqlError {
    for (int i = from; i < statement.size(); i++) {
      if (statement.matches(i, "isolation", "level")) {
        int end = levelEnd(statement, i + 2);
        return Expressions.rewrite(statement, from, i + 2)
            + " SERIALIZABLE "
            + Expressions.rewrite(statement, end, statement.size());
      }
    }
    return Expressions.rewrite(statement, from, statement.size());
  }

  private static int levelEnd(Statement statement, int at) throws SqlError {
    if (statement.matches(at, "serializable")) {
      return at + 1;
    }
    if (statement.matches(at, "read", "uncommitted")
        || statement.matches(at, "read", "committed")
        || statement.matches(at, "repeatable", "read")) {
      return at + 2;
    }
    throw Translator.syntaxError(statement.token(Math.min(at, statement.size() - 1)));
  }

  /** {@code LOCK [TABLE] t [, …]}: readers and writers wait; there are no modes. */
  static String lock(Statement statement) throws SqlError {
    int at = statement.matches(1, "table") ? 2 : 1;
    while (true) {
      if (!statement.isIdentifier(at)) {
        throw Translator.syntaxError(statement.token(Math.min(at, statement.size() - 1)));
      }
      at = statement.afterName(at);
      if (at == statement.size()) {
        return Expressions.rewrite(statement);
      }
      if (!statement.matches(at, ",")) {
        throw Translator.syntaxError(statement.token(at));
      }
      at++;
    }
  }
}
