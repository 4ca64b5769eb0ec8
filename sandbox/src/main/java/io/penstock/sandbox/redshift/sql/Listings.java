package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import org.jspecify.annotations.Nullable;

/** SHOW DATABASES, SCHEMAS, TABLES, COLUMNS: queries on the views of the sandbox's catalog. */
final class Listings {
  private Listings() {}

  /** Null where the statement shows a session parameter. */
  static @Nullable String translate(Statement statement) throws SqlError {
    if (statement.matches(1, "databases")
        || statement.matches(1, "schemas")
        || statement.matches(1, "tables")
        || statement.matches(1, "columns")
        || statement.matches(1, "constraints")
        || statement.matches(1, "grants")
        || statement.matches(1, "table")
        || statement.matches(1, "view")) {
      throw Translator.refused(
          "SHOW " + statement.token(1).name().toUpperCase(java.util.Locale.ROOT));
    }
    return null;
  }
}
