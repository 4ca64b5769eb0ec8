package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.schema.TableName;
import java.util.List;

/**
 * The SQL with which {@code verify} tries what a load needs. All of it that writes is meant for a
 * transaction that is rolled back.
 */
public final class ProbeStatements {
  private final RedshiftDestination destination;
  private final String name;

  /**
   * @param name of the tables that are created: one that no other table has
   */
  public ProbeStatements(RedshiftDestination destination, String name) {
    this.destination = destination;
    this.name = name;
  }

  public SqlStatement selectOne() {
    return SqlStatement.of("SELECT 1");
  }

  /** One row for each schema that the user can see, with its name. */
  public SqlStatement listSchemas() {
    return SqlStatement.of("SELECT nspname FROM pg_catalog.pg_namespace ORDER BY nspname");
  }

  public SqlStatement createInStateSchema() {
    return create(inStateSchema());
  }

  public SqlStatement createInTargetSchema() {
    return create(inTargetSchema());
  }

  /** Reads what {@link #createInTargetSchema} made: creating asks for CREATE, this for USAGE. */
  public SqlStatement countInTargetSchema() {
    return count(inTargetSchema());
  }

  private static SqlStatement create(TableName table) {
    return SqlStatement.of("CREATE TABLE " + quote(table) + " (\"n\" INTEGER)");
  }

  public SqlStatement insert() {
    return SqlStatement.of("INSERT INTO " + quote(inStateSchema()) + " VALUES (1)");
  }

  public SqlStatement count() {
    return count(inStateSchema());
  }

  private static SqlStatement count(TableName table) {
    return SqlStatement.of("SELECT COUNT(*) FROM " + quote(table));
  }

  /** The privileges on the target, where it exists, that a load of its mode uses. */
  public List<String> targetPrivileges() {
    return switch (destination.write()) {
      case APPEND -> List.of("insert");
      case OVERWRITE -> List.of("insert", "delete");
      case UPSERT -> List.of("select", "insert", "update");
      case MIRROR -> List.of("select", "insert", "update", "delete");
    };
  }

  /** Whether the user has a privilege on the target; an error where there is no such table. */
  public SqlStatement hasPrivilege(String privilege) {
    return SqlStatement.of(
        "SELECT has_table_privilege("
            + literal(quote(destination.table().name()))
            + ", "
            + literal(privilege)
            + ")");
  }

  /** One row where the schema of the target exists. */
  public SqlStatement findTargetSchema() {
    return CatalogStatements.findSchema(destination.table().name().schema());
  }

  /** One row where the target exists, whether or not the user may use it. */
  public SqlStatement findTarget() {
    return CatalogStatements.findTable(destination.table().name());
  }

  /** One row where the user may change the columns of the target without a privilege on it. */
  public SqlStatement ownsTarget() {
    return CatalogStatements.findOwned(destination.table().name());
  }

  /** Fills the table of the state schema from one object of one line, as CSV. */
  public SqlStatement copy(
      StoreLocation.Bucket staging, String key, CopyAuthorization authorization) {
    String head = "COPY " + quote(inStateSchema()) + " FROM " + literal(staging + "/" + key) + " ";
    String tail =
        " FORMAT AS CSV REGION "
            + literal(staging.access().region())
            + " COMPUPDATE OFF STATUPDATE OFF";
    return new SqlStatement(
        head + authorization.clause() + tail, head + authorization.redacted() + tail);
  }

  private TableName inTargetSchema() {
    return new TableName(destination.table().name().schema(), name);
  }

  private TableName inStateSchema() {
    return new TableName(destination.stateSchema(), name);
  }
}
