package io.penstock.jobs.load;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.plan.LedgerEntry;
import io.penstock.common.plan.LedgerStatements;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.plan.ProbeStatements;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StagingKeys;
import io.penstock.jobs.redshift.StatementFailures;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tries what a load into a destination needs, one thing after the other, each on a connection of
 * its own and in a transaction that is rolled back. Every method answers what it found, in a few
 * words, and throws {@code LOAD_CONNECTION}, {@code SECRET_UNRESOLVED} or {@code
 * VERIFICATION_FAILED} with the key to change.
 */
public final class WarehouseProbe {
  /** After this the server is asked to cancel a statement. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** After this the connection is given up. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final LoadPlan plan;
  private final RedshiftDestination destination;
  private final Database database;
  private final StagingKeys keys;
  private final String name = "penstock_verify_" + UUID.randomUUID().toString().replace("-", "");
  private final ProbeStatements statements;
  private final LedgerStatements ledger;
  private volatile @Nullable Session running;

  public WarehouseProbe(LoadPlan plan, SecretResolver secrets, StagingKeys keys) {
    this.plan = plan;
    this.destination = plan.destination();
    this.database = LoadDatabase.of(destination, secrets);
    this.keys = keys;
    this.statements = new ProbeStatements(destination, name);
    this.ledger = new LedgerStatements(destination.stateSchema());
  }

  /** Signs in. */
  public String connect() {
    return rolledBack(
        session -> {
          session.number(statements.selectOne());
          return "database " + destination.connection().database() + ", user " + user();
        },
        "change connection.user or connection.database");
  }

  public String listSchemas() {
    return rolledBack(
        session ->
            session.query(statements.listSchemas(), LONGEST, row -> row.getString(1)).size()
                + " schemas",
        "let the user read pg_catalog.pg_namespace, or change connection.user");
  }

  /** Creates, writes and reads in the state schema, which is created where it is missing. */
  public String stateSchema() {
    return rolledBack(
        session -> {
          boolean there = prepareState(session);
          session.execute(statements.createInStateSchema(), LONGEST);
          session.execute(statements.insert(), LONGEST);
          session.number(statements.count());
          writeLedger(session);
          return destination.stateSchema() + (there ? "" : ", which the first run creates");
        },
        "let the user "
            + user()
            + " create schema "
            + destination.stateSchema()
            + ", or create, read and write tables in it (penstock grants prints the statements), or"
            + " change state-schema");
  }

  /** Whether the schema was there. */
  private boolean prepareState(Session session) throws SQLException {
    boolean there =
        !session.query(ledger.findStateSchema(), LONGEST, row -> row.getInt(1)).isEmpty();
    if (!there) {
      session.execute(ledger.createStateSchema(), LONGEST);
    }
    if (!Ledger.exists(session, ledger)) {
      session.execute(ledger.createLedger(), LONGEST);
    }
    return there;
  }

  private void writeLedger(Session session) throws SQLException {
    session.query(ledger.findApplied(plan.run(), name), LONGEST, row -> row.getString(1));
    session.execute(ledger.delete(plan.run(), name), LONGEST);
    session.execute(
        ledger.insert(
            plan.run(),
            name,
            new LedgerEntry(
                RunStatus.SUCCEEDED,
                plan.run().now(),
                plan.run().now(),
                0,
                LoadResult.uncounted(destination.table().name().toString(), plan.operation()),
                Optional.empty())),
        LONGEST);
  }

  /** Creates in the schema of the table; where the table exists, asks whether it may be written. */
  public String targetSchema() {
    TableName table = destination.table().name();
    return rolledBack(
        session -> {
          if (session
              .query(statements.findTargetSchema(), LONGEST, row -> row.getInt(1))
              .isEmpty()) {
            throw failed(
                "there is no schema " + table.schema(),
                "the database " + destination.connection().database() + " does not have it",
                "create the schema, or change table.schema");
          }
          session.execute(statements.createInTargetSchema(), LONGEST);
          session.number(statements.countInTargetSchema());
          if (isNumbered()) {
            return "tables " + table + "_1, " + table + "_2, … can be created";
          }
          boolean there =
              !session.query(statements.findTarget(), LONGEST, row -> row.getInt(1)).isEmpty();
          if (there) {
            requirePrivileges(session, table);
          }
          return there ? "table " + table + " exists" : "table " + table + " can be created";
        },
        "GRANT CREATE, USAGE ON SCHEMA "
            + table.schema()
            + " TO "
            + user()
            + " (penstock grants prints it), or change table.schema");
  }

  private void requirePrivileges(Session session, TableName table) throws SQLException {
    for (String privilege : statements.targetPrivileges()) {
      boolean granted =
          session
              .query(statements.hasPrivilege(privilege), LONGEST, row -> row.getBoolean(1))
              .get(0);
      if (!granted) {
        throw failed(
            "the user " + user() + " may not write into table " + table,
            "it has no " + privilege + " privilege on it",
            "GRANT "
                + String.join(", ", statements.targetPrivileges()).toUpperCase(Locale.ROOT)
                + " ON "
                + table
                + " TO "
                + user()
                + " (penstock grants --existing-tables prints it), or change table.name");
      }
    }
  }

  private List<TargetTable.Found> describe(Session session, List<Column> columns)
      throws SQLException {
    return session.query(
        new LoadStatements(plan, columns).target().describe(), LONGEST, TargetTable.Found::of);
  }

  /** Whether the table, where it exists, takes the rows. */
  public String target(List<Column> columns) {
    LoadColumns.require(destination, columns);
    if (isNumbered()) {
      return "every run makes a table of its own";
    }
    return rolledBack(
        session -> {
          List<TargetTable.Found> found = describe(session, columns);
          if (found.isEmpty()) {
            return "the table does not exist yet";
          }
          TargetTable.Changes changes =
              new TargetTable(destination.table().name(), found)
                  .changesFor(columns, destination.application());
          return changes.isEmpty()
              ? columns.size() + " of its " + found.size() + " columns"
              : changes.missing().size()
                  + " columns will be added and "
                  + changes.widened().size()
                  + " widened"
                  + whatChangingAsksFor(session);
        },
        "let the user read svv_columns");
  }

  /** Whether ALTER was granted, be it through a group or a role, is not for a user to see. */
  private String whatChangingAsksFor(Session session) throws SQLException {
    boolean owned =
        !session.query(statements.ownsTarget(), LONGEST, row -> row.getInt(1)).isEmpty();
    return owned
        ? ""
        : ", which asks for ALTER on the table: another user than "
            + user()
            + " owns it (penstock grants --existing-tables prints the statement)";
  }

  private boolean isNumbered() {
    return destination.application().operation() == Operation.CREATE_NEW;
  }

  /**
   * Copies one staged line, and removes the file.
   *
   * @param staging the location of {@code staging}
   */
  public String copy(ObjectStore staging) {
    String key = name + ".csv";
    boolean copied = false;
    try {
      staging.put(key, "1\n".getBytes(StandardCharsets.US_ASCII));
      String answer = rolledBack(session -> copy(session, key), copyRemedy());
      copied = true;
      return answer;
    } catch (IOException e) {
      throw failed(
          "the file to copy could not be staged",
          String.valueOf(e.getMessage()),
          "change staging.bucket, staging.prefix or staging.credentials");
    } finally {
      remove(staging, key, copied);
    }
  }

  private String copy(Session session, String key) throws SQLException {
    prepareState(session);
    session.execute(statements.createInStateSchema(), LONGEST);
    session.execute(
        statements.copy(destination.staging().location(), key, authorization()), LONGEST);
    long rows = session.number(statements.count());
    if (rows != 1) {
      throw failed(
          "COPY loaded " + rows + " rows of 1",
          "the staged file was read otherwise than it was written",
          "check staging.bucket and staging.endpoint: Redshift has to read the same bucket");
    }
    return destination.staging().location().toString();
  }

  private CopyAuthorization authorization() {
    CopyCredentials credentials = destination.copyCredentials();
    return credentials instanceof CopyCredentials.IamRole role
        ? new CopyAuthorization.IamRole(role.arn())
        : keys.resolve(destination.staging().location().access());
  }

  private String copyRemedy() {
    String who =
        destination.copyCredentials() instanceof CopyCredentials.IamRole
            ? "copy-credentials.iam-role"
            : "staging.credentials";
    return "let what "
        + who
        + " names list and read "
        + destination.staging().location()
        + " from Redshift, or change it; staging.region has to be the bucket's region";
  }

  /** A failure of the check itself is the one to tell. */
  private static void remove(ObjectStore staging, String key, boolean tell) {
    boolean interrupted = Thread.interrupted();
    try {
      staging.delete(List.of(key));
    } catch (IOException e) {
      if (tell) {
        throw failed(
            staging.address(key) + " could not be removed",
            String.valueOf(e.getMessage()),
            "let staging.credentials delete below staging.prefix, and remove the file");
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String user() {
    return destination.connection().login().user().orElse("that AWS names");
  }

  @FunctionalInterface
  private interface Attempt {
    String in(Session session) throws SQLException;
  }

  /** Ends what is waited for, from another thread. */
  public void cancel() {
    Session session = running;
    if (session != null) {
      session.cancel();
    }
  }

  private String rolledBack(Attempt attempt, String remedy) {
    try (Session session = database.open(SILENCE)) {
      running = session;
      try {
        session.beginTransactions();
        return attempt.in(session);
      } catch (SQLException e) {
        throw explained(e, remedy);
      } finally {
        session.rollback();
      }
    }
  }

  private PenstockException explained(SQLException e, String remedy) {
    if (StatementFailures.isCancelled(e)) {
      return failed(
          "Redshift did not answer within " + LONGEST.toSeconds() + " seconds",
          "another run or session may hold what was asked for",
          "verify again when it has ended; runs that go on at the same time need a state-schema"
              + " each");
    }
    if (StatementFailures.isBroken(e)) {
      return failed(
          "the connection to Redshift broke",
          StatementFailures.describe(e),
          "check connection.host and connection.port, and what lies between");
    }
    return failed("Redshift refuses a statement", StatementFailures.describe(e), remedy);
  }

  private static PenstockException failed(String problem, String reason, String remedy) {
    return PenstockException.of(ErrorCode.VERIFICATION_FAILED, problem, reason, remedy);
  }
}
