package io.penstock.common.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Checks that a text is one SQL statement that may run within the transaction of a load. */
final class SingleStatement {
  private static final Set<String> BREAKS_TRANSACTION =
      Set.of(
          "begin", "start", "commit", "end", "rollback", "abort", "truncate", "vacuum", "prepare");

  private final String sql;
  private final StringBuilder bare = new StringBuilder();
  private int at;

  private SingleStatement(String sql) {
    this.sql = sql;
  }

  /** What is wrong; empty: nothing. */
  static Optional<String> problemOf(String sql) {
    return new SingleStatement(sql).problem();
  }

  /** The first word, in lower case; empty where the statement begins with something else. */
  static String verbOf(String sql) {
    SingleStatement statement = new SingleStatement(sql);
    return statement.problem().isPresent() ? "" : statement.verb();
  }

  private String verb() {
    return bare.toString().strip().split("\\W", 2)[0].toLowerCase(Locale.ROOT);
  }

  private Optional<String> problem() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      boolean closed = true;
      if (c == '\'') {
        closed = skipQuoted('\'', true);
      } else if (c == '"') {
        closed = skipQuoted('"', false);
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (sql.startsWith("/*", at)) {
        closed = skipComment();
      } else if (sql.startsWith("$$", at)) {
        int end = sql.indexOf("$$", at + 2);
        closed = end >= 0;
        at = end + 2;
        bare.append(" x ");
      } else if (c == ';') {
        return Optional.of("holds a ; outside quotes");
      } else {
        bare.append(c);
        at++;
      }
      if (!closed) {
        return Optional.of("holds a quote or comment that does not end");
      }
    }
    String verb = verb();
    if (verb.isEmpty() && bare.toString().isBlank()) {
      return Optional.of("is empty");
    }
    return BREAKS_TRANSACTION.contains(verb)
        ? Optional.of("is a " + verb.toUpperCase(Locale.ROOT) + ", which ends the transaction")
        : Optional.empty();
  }

  private boolean skipQuoted(char quote, boolean escapes) {
    bare.append(" x ");
    for (at++; at < sql.length(); at++) {
      char c = sql.charAt(at);
      if (escapes && c == '\\') {
        at++;
      } else if (c == quote) {
        at++;
        return true;
      }
    }
    return false;
  }

  private boolean skipComment() {
    bare.append(' ');
    int depth = 0;
    while (at < sql.length()) {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return true;
        }
      } else {
        at++;
      }
    }
    return false;
  }
}
