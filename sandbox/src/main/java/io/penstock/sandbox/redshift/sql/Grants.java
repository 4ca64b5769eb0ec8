package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.Set;

/** GRANT, REVOKE and ALTER DEFAULT PRIVILEGES. */
final class Grants {
  private static final Set<String> REDSHIFT_PRIVILEGES = Set.of("drop", "alter", "assumerole");

  private Grants() {}

  /** A role is named with the word ROLE in Redshift and without it in PostgreSQL. */
  static String translate(Statement statement) throws SqlError {
    if (statement.size() > 1 && REDSHIFT_PRIVILEGES.contains(statement.token(1).name())) {
      throw Translator.refused(
          "the privilege " + statement.token(1).name().toUpperCase(java.util.Locale.ROOT));
    }
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
