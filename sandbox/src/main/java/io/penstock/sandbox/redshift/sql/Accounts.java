package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;

/** CREATE/ALTER USER and CREATE SCHEMA (AWS: "CREATE USER", "CREATE SCHEMA"). */
final class Accounts {
  private static final int SHORTEST_PASSWORD = 8;
  private static final int LONGEST_PASSWORD = 64;

  private Accounts() {}

  static String user(Statement statement) throws SqlError {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < statement.size(); i++) {
      Token token = statement.token(i);
      if (i > 2 && token.is("createuser")) {
        out.append(" SUPERUSER");
      } else if (i > 2 && token.is("nocreateuser")) {
        out.append(" NOSUPERUSER");
      } else if (i > 2 && token.is("password")) {
        out.append(' ').append(password(statement, i + 1));
        i++;
      } else if (statement.matches(i, "syslog", "access")
          || statement.matches(i, "session", "timeout")) {
        i += 2;
      } else if (token.is("externalid")) {
        throw Translator.refused("EXTERNALID");
      } else {
        out.append(' ').append(Expressions.rewrite(statement, i, i + 1));
      }
    }
    return out.toString().trim();
  }

  private static String password(Statement statement, int at) throws SqlError {
    if (statement.matches(at, "disable")) {
      return "PASSWORD NULL";
    }
    if (at >= statement.size() || statement.token(at).kind() != Token.Kind.STRING) {
      throw Translator.syntaxError(statement.token(Math.min(at, statement.size() - 1)));
    }
    String literal = statement.token(at).text();
    String password = literal.substring(1, literal.length() - 1);
    if (password.startsWith("sha256|")) {
      throw Translator.refused("a sha256 password");
    }
    if (!(password.startsWith("md5") && password.length() == 35)) {
      check(password);
    }
    return "PASSWORD " + literal;
  }

  private static void check(String password) throws SqlError {
    if (password.length() < SHORTEST_PASSWORD) {
      throw invalid("password must be at least 8 characters long");
    }
    if (password.length() > LONGEST_PASSWORD) {
      throw invalid("password must be at most 64 characters long");
    }
    if (password.chars().anyMatch(c -> c < 33 || c > 126 || "'\"\\/@".indexOf(c) >= 0)) {
      throw invalid("password must not contain ', \", \\, /, @, spaces or non-ASCII characters");
    }
    if (password.chars().noneMatch(c -> c >= '0' && c <= '9')) {
      throw invalid("password must contain a number");
    }
    if (password.chars().noneMatch(c -> c >= 'A' && c <= 'Z')) {
      throw invalid("password must contain an uppercase letter");
    }
    if (password.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
      throw invalid("password must contain a lowercase letter");
    }
  }

  private static SqlError invalid(String message) {
    return new SqlError("22023", message);
  }

  /**
   * A quota has no counterpart, so it is left out: {@code QUOTA n MB|GB|TB} or {@code UNLIMITED}.
   */
  static String createSchema(Statement statement) throws SqlError {
    for (int i = 2; i < statement.size(); i++) {
      if (statement.matches(i, "quota")) {
        int end = i + (statement.matches(i + 1, "unlimited") ? 2 : 3);
        return Expressions.rewrite(statement, 0, i)
            + " "
            + Expressions.rewrite(statement, Math.min(end, statement.size()), statement.size());
      }
    }
    return Expressions.rewrite(statement);
  }
}
