package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.Set;

/** Users, roles and schemas (AWS: "CREATE USER", "ALTER USER", "CREATE ROLE", "CREATE SCHEMA"). */
final class Accounts {
  private static final int SHORTEST_PASSWORD = 8;
  private static final int LONGEST_PASSWORD = 64;
  private static final Set<String> CHANGES = Set.of("rename", "set", "reset");

  private final Statement statement;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private Accounts(Statement statement) {
    this.statement = statement;
  }

  /** CREATE USER and ALTER USER. */
  static String user(Statement statement) throws SqlError {
    return new Accounts(statement).user();
  }

  private String user() throws SqlError {
    if (!statement.isIdentifier(2)) {
      throw Translator.syntaxError(token(2));
    }
    if (!Expressions.name(token(2)).equals(token(2).name())) {
      throw Translator.refused("a user name of more than 63 bytes");
    }
    boolean create = statement.startsWith("create");
    out.append(create ? "CREATE USER " : "ALTER USER ");
    out.append(Expressions.rewrite(statement, 2, 3));
    at = statement.matches(3, "with") ? 4 : 3;
    if (create && !statement.contains("password")) {
      throw Translator.syntaxError(token(statement.size()));
    }
    if (!create && CHANGES.contains(token(at).text().toLowerCase(java.util.Locale.ROOT))) {
      return out + " " + Expressions.rewrite(statement, at, statement.size());
    }
    while (at < statement.size()) {
      option(create);
    }
    return out.toString();
  }

  private void option(boolean create) throws SqlError {
    if (statement.matches(at, "password")) {
      out.append(' ').append(password(statement, at + 1));
      at += 2;
    } else if (statement.matches(at, "createuser") || statement.matches(at, "nocreateuser")) {
      out.append(statement.matches(at, "createuser") ? " SUPERUSER" : " NOSUPERUSER");
      at++;
    } else if (statement.matches(at, "createdb") || statement.matches(at, "nocreatedb")) {
      copy(1);
    } else if (statement.matches(at, "syslog", "access")
        || statement.matches(at, "session", "timeout")) {
      at += 3;
    } else if (create && statement.matches(at, "in", "group")) {
      groups();
    } else if (statement.matches(at, "valid", "until")) {
      copy(3);
    } else if (statement.matches(at, "connection", "limit", "unlimited")) {
      out.append(" CONNECTION LIMIT -1");
      at += 3;
    } else if (statement.matches(at, "connection", "limit")) {
      copy(3);
    } else if (statement.matches(at, "externalid")) {
      throw Translator.refused("EXTERNALID");
    } else {
      throw Translator.syntaxError(token(at));
    }
  }

  private void groups() throws SqlError {
    int end = at + 3;
    while (statement.matches(end, ",")) {
      end += 2;
    }
    copy(end - at);
  }

  private void copy(int tokens) throws SqlError {
    int end = Math.min(at + tokens, statement.size());
    out.append(' ').append(Expressions.rewrite(statement, at, end));
    at = end;
  }

  private Token token(int index) {
    return statement.token(Math.min(index, statement.size() - 1));
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

  /** A role is a role of PostgreSQL like a group; a setting tells them apart. */
  static Translation createRole(Statement statement) throws SqlError {
    if (statement.contains("externalid")) {
      throw Translator.refused("EXTERNALID");
    }
    if (!statement.isIdentifier(2) || statement.size() > 3) {
      throw Translator.syntaxError(statement.token(Math.min(3, statement.size() - 1)));
    }
    String name = Expressions.rewrite(statement, 2, 3);
    return Translation.Steps.within(
        statement.text(),
        "CREATE ROLE",
        "CREATE ROLE " + name,
        "ALTER ROLE " + name + " SET penstock.kind TO 'role'");
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
