package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.TableauConfig;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The SQL with which a superuser prepares a database for a job, in the order to run it: the user,
 * the state schema and what is in it, the schemas and tables that the job uses, and those who read
 * them with Tableau (Amazon Redshift Database Developer Guide, "CREATE USER", "GRANT", "ALTER
 * DEFAULT PRIVILEGES").
 */
public final class GrantStatements {

  /** When a statement is to be run. */
  public enum When {
    ALWAYS,
    /** The table is there before the first run, and another user owns it. */
    TABLE_EXISTS,
    /** Gives more than the job itself needs. */
    OPTIONAL
  }

  /**
   * @param statement redacted where it holds a password
   * @param purpose a sentence for the one who runs it
   */
  public record Step(SqlStatement statement, String purpose, When when) {}

  private final DatabaseUser user;
  private final UnaryOperator<String> passwords;
  private final List<Step> steps = new ArrayList<>();

  private GrantStatements(DatabaseUser user, UnaryOperator<String> passwords) {
    this.user = user;
    this.passwords = passwords;
  }

  /**
   * The statements for one user.
   *
   * @param use what is done as the user
   * @param passwords of users that are to be created, by folded name: what stands between the
   *     quotes
   */
  public static List<Step> of(DatabaseUser user, DatabaseUse use, UnaryOperator<String> passwords) {
    GrantStatements grants = new GrantStatements(user, passwords);
    List<RedshiftDestination> loads = use.loads();
    List<TableName> reads = use.readTables();
    if (user.issued()) {
      grants.add(
          "CREATE USER " + quote(user.name()) + " PASSWORD DISABLE",
          "The user that the job signs in as, with passwords that AWS issues; leave the statement"
              + " out where the user exists",
          When.ALWAYS);
    } else {
      grants.createUser(user.name(), "The user that the job signs in as");
    }
    use.stateSchemas()
        .forEach(
            schema ->
                grants.stateSchema(
                    schema, "The state schema, where Penstock keeps the state of each sync"));
    loads.forEach(
        load ->
            grants.stateSchema(
                load.stateSchema(),
                "The state schema, where Penstock keeps its ledger and stage tables"));
    loads.forEach(grants::targetSchema);
    reads.forEach(grants::sourceSchema);
    loads.forEach(grants::table);
    reads.forEach(grants::sourceTable);
    reads.forEach(grants::otherTables);
    loads.forEach(
        load -> load.tableau().ifPresent(tableau -> grants.reader(load.table().name(), tableau)));
    return List.copyOf(grants.steps);
  }

  private void createUser(String name, String what) {
    String head = "CREATE USER " + quote(name) + " WITH PASSWORD ";
    add(
        new SqlStatement(head + literal(passwords.apply(Identifiers.fold(name))), head + "'***'"),
        what + "; leave the statement out where the user exists",
        When.ALWAYS);
  }

  private void stateSchema(String name, String what) {
    StateGrants schema = new StateGrants(name, user.name());
    add(schema.createSchema(), what + "; leave the statement out where it exists", When.ALWAYS);
    add(schema.onSchema(), "Creates tables there", When.ALWAYS);
    add(
        schema.onTables(),
        "Reads and writes what is there already, such as the ledger of other jobs",
        When.ALWAYS);
  }

  private void targetSchema(RedshiftDestination load) {
    String schema = quote(load.table().name().schema());
    add(
        "GRANT USAGE ON SCHEMA " + schema + to(),
        "Looks up tables in the schema of the table",
        When.ALWAYS);
    add(
        "GRANT CREATE ON SCHEMA " + schema + to(),
        "Creates the table on the first run, and then owns it",
        When.ALWAYS);
  }

  private void table(RedshiftDestination load) {
    String privileges =
        new ProbeStatements(load, "")
            .targetPrivileges().stream()
                .map(privilege -> privilege.toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    add(
        "GRANT " + privileges + " ON TABLE " + quote(load.table().name()) + to(),
        "Only where the table exists and another user owns it: what write = "
            + load.write().name().toLowerCase(Locale.ROOT)
            + " does to it",
        When.TABLE_EXISTS);
    if (load.application().schemaChange() == SchemaChange.ADD_COLUMNS) {
      String table = quote(load.table().name());
      add(
          "GRANT ALTER ON TABLE " + table + to(),
          "Only where the table exists and another user owns it: schema-change = add-columns alters"
              + " it; ALTER TABLE "
              + table
              + " OWNER"
              + to()
              + " does as well",
          When.TABLE_EXISTS);
    }
  }

  private void sourceSchema(TableName table) {
    add(
        "GRANT USAGE ON SCHEMA " + quote(table.schema()) + to(),
        "Looks up objects within the schema of the source",
        When.ALWAYS);
  }

  private void sourceTable(TableName table) {
    add("GRANT SELECT ON TABLE " + quote(table) + to(), "Reads the source", When.ALWAYS);
  }

  private void otherTables(TableName table) {
    String schema = quote(table.schema());
    add(
        "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + to(),
        "Optional: reads every table that is in the schema now",
        When.OPTIONAL);
    add(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA " + schema + " GRANT SELECT ON TABLES" + to(),
        "Optional: reads every table that the one who runs this creates in the schema from now on",
        When.OPTIONAL);
  }

  private void reader(TableName table, TableauConfig tableau) {
    String name = tableau.reader();
    createUser(name, "The user that Tableau signs in as");
    ReaderStatements reader = new ReaderStatements(table, name);
    add(
        reader.usage().grant(),
        "Looks up tables in the schema of the table; each load grants SELECT on the table itself",
        When.ALWAYS);
    add(
        reader.select().grant(),
        "Only where the table exists and another user owns it: reads it",
        When.TABLE_EXISTS);
    add(
        "ALTER DEFAULT PRIVILEGES FOR USER "
            + quote(user.name())
            + " IN SCHEMA "
            + quote(table.schema())
            + " GRANT SELECT ON TABLES TO "
            + quote(name),
        "Optional: reads every table that the job's user creates in the schema from now on",
        When.OPTIONAL);
  }

  private String to() {
    return " TO " + quote(user.name());
  }

  private void add(String sql, String purpose, When when) {
    add(SqlStatement.of(sql), purpose, when);
  }

  /** What two tables have in common is granted once. */
  private void add(SqlStatement statement, String purpose, When when) {
    boolean there =
        steps.stream().anyMatch(step -> step.statement().redacted().equals(statement.redacted()));
    if (!there) {
      steps.add(new Step(statement, purpose, when));
    }
  }
}
