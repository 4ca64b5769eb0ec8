package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;

import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;

/** Look-ups in the system catalog, which ask for no privilege and see what the user may not use. */
final class CatalogStatements {
  private CatalogStatements() {}

  /** One row where there is such a schema. */
  static SqlStatement findSchema(String schema) {
    return SqlStatement.of(
        "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = "
            + literal(Identifiers.fold(schema)));
  }

  /** One row where there is such a table. */
  static SqlStatement findTable(TableName table) {
    return SqlStatement.of(
        "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE n.nspname = "
            + literal(Identifiers.fold(table.schema()))
            + " AND c.relname = "
            + literal(Identifiers.fold(table.name())));
  }

  /** One row where there is such a table, and the user of the session owns it or is a superuser. */
  static SqlStatement findOwned(TableName table) {
    return SqlStatement.of(
        "SELECT 1 FROM pg_catalog.pg_tables t JOIN pg_catalog.pg_user u"
            + " ON u.usename = current_user WHERE t.schemaname = "
            + literal(Identifiers.fold(table.schema()))
            + " AND t.tablename = "
            + literal(Identifiers.fold(table.name()))
            + " AND (t.tableowner = u.usename OR u.usesuper)");
  }

  /** One row where there is such a user. */
  static SqlStatement findUser(String user) {
    return SqlStatement.of(
        "SELECT 1 FROM pg_catalog.pg_user WHERE usename = " + literal(Identifiers.fold(user)));
  }
}
