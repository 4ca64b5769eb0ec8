package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.Locale;
import java.util.Set;

/**
 * GRANT, REVOKE and ALTER DEFAULT PRIVILEGES (AWS pages of these names) on tables, schemas and
 * databases, and of roles.
 */
final class Grants {
  private static final Set<String> PRIVILEGES =
      Set.of(
          "select",
          "insert",
          "update",
          "delete",
          "references",
          "truncate",
          "create",
          "usage",
          "temporary",
          "temp",
          "all");
  private static final Set<String> OTHER_OBJECTS =
      Set.of(
          "function",
          "functions",
          "procedure",
          "procedures",
          "language",
          "datashare",
          "model",
          "external",
          "sequence",
          "default",
          "copy");

  private final Statement statement;

  private Grants(Statement statement) {
    this.statement = statement;
  }

  static String translate(Statement statement) throws SqlError {
    Grants grants = new Grants(statement);
    grants.check();
    return grants.withoutRoleWords();
  }

  private void check() throws SqlError {
    int verb = statement.startsWith("alter") ? defaultPrivileges() : 0;
    int at = verb + 1;
    if (statement.matches(at, "grant", "option", "for")) {
      at += 3;
    } else if (statement.matches(at, "admin", "option", "for")) {
      at += 3;
    }
    if (statement.matches(at, "role")) {
      return;
    }
    at = privileges(at);
    if (OTHER_OBJECTS.contains(word(at)) && !statement.matches(at + 1, ".")) {
      throw Translator.refused("GRANT or REVOKE on " + word(at).toUpperCase(Locale.ROOT));
    }
    if (statement.matches(at, "all") && !statement.matches(at, "all", "tables", "in", "schema")) {
      throw Translator.refused("GRANT or REVOKE on ALL but TABLES");
    }
    boolean toMany =
        statement.contains("to", "group")
            || statement.contains("to", "role")
            || statement.contains("to", "public");
    if (toMany && statement.contains("with", "grant", "option")) {
      throw new SqlError("0LP01", "grant options can only be granted to individual users");
    }
  }

  /** The index of GRANT or REVOKE in ALTER DEFAULT PRIVILEGES. */
  private int defaultPrivileges() throws SqlError {
    for (int i = 3; i < statement.size(); i++) {
      if (statement.matches(i, "grant") || statement.matches(i, "revoke")) {
        return i;
      }
      if (statement.matches(i, "for", "role")) {
        break;
      }
    }
    throw Translator.syntaxError(statement.token(Math.min(3, statement.size() - 1)));
  }

  /** Reads {@code select, update (a, b) ON} and returns the index after ON. */
  private int privileges(int from) throws SqlError {
    int at = from;
    while (true) {
      String privilege = word(at);
      if (!PRIVILEGES.contains(privilege)) {
        throw Translator.refused("the privilege " + privilege.toUpperCase(Locale.ROOT));
      }
      at += privilege.equals("all") && statement.matches(at + 1, "privileges") ? 2 : 1;
      if (statement.matches(at, "(")) {
        at = statement.closing(at) + 1;
      }
      if (statement.matches(at, "on")) {
        return at + 1;
      }
      if (!statement.matches(at, ",")) {
        throw Translator.refused("GRANT or REVOKE of a system privilege");
      }
      at++;
    }
  }

  private String word(int index) {
    return index < statement.size()
        ? statement.token(index).text().toLowerCase(Locale.ROOT)
        : "end of statement";
  }

  /** A role is named with the word ROLE in Redshift and without it in PostgreSQL. */
  private String withoutRoleWords() throws SqlError {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int i = 1; i < statement.size(); i++) {
      if (statement.matches(i, "role") && statement.isIdentifier(i + 1)) {
        out.append(Expressions.rewrite(statement, from, i)).append(' ');
        from = i + 1;
      }
    }
    return out.append(Expressions.rewrite(statement, from, statement.size())).toString();
  }
}
