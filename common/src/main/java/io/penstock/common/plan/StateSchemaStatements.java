package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL that prepares a schema for state, and with which {@code verify} tries whether state can
 * be kept there. What writes into it is meant for a transaction that is rolled back.
 */
public final class StateSchemaStatements {
  private static final List<String> PRIVILEGES = List.of("select", "insert", "update", "delete");

  private final String schema;
  private final TableName table;

  /**
   * @param name of a table to try with: one that no other table has
   */
  public StateSchemaStatements(String schema, String name) {
    this.schema = schema;
    this.table = new TableName(schema, name);
  }

  /** One row where the schema exists. */
  public SqlStatement findSchema() {
    return CatalogStatements.findSchema(schema);
  }

  public SqlStatement createSchema() {
    return SqlStatement.of("CREATE SCHEMA " + quote(schema));
  }

  public SqlStatement create() {
    return SqlStatement.of("CREATE TABLE " + quote(table) + " (\"n\" INTEGER)");
  }

  public SqlStatement insert() {
    return SqlStatement.of("INSERT INTO " + quote(table) + " VALUES (1)");
  }

  public SqlStatement count() {
    return SqlStatement.of("SELECT COUNT(*) FROM " + quote(table));
  }

  /** The names of tables of the schema that the user may not read or not write. */
  public SqlStatement findForbidden() {
    String name = "QUOTE_IDENT(n.nspname) || '.' || QUOTE_IDENT(c.relname)";
    String allowed =
        PRIVILEGES.stream()
            .map(privilege -> "has_table_privilege(" + name + ", " + literal(privilege) + ")")
            .collect(Collectors.joining(" AND "));
    return SqlStatement.of(
        "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE n.nspname = "
            + literal(Identifiers.fold(schema))
            + " AND c.relkind = 'r' AND NOT ("
            + allowed
            + ") ORDER BY c.relname");
  }

  /** What lets a user create tables there. */
  public SqlStatement grantSchema(String user) {
    return SqlStatement.of("GRANT ALL ON SCHEMA " + quote(schema) + " TO " + quote(user));
  }

  /** What lets a user use the tables that are there. */
  public SqlStatement grantTables(String user) {
    return SqlStatement.of(
        "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA " + quote(schema) + " TO " + quote(user));
  }
}
