package io.penstock.jobs.load;

import io.penstock.common.config.Application;
import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LedgerEntry;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.TableCounter;
import io.penstock.common.schema.TableName;
import io.penstock.jobs.load.LoadTransaction.Applied;
import io.penstock.jobs.redshift.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One attempt at the transaction of a load. Rolling back is the caller's part. */
final class LoadAttempt {
  private static final String LOCK = "the lock of the ledger";
  private static final String COMMIT = "COMMIT";

  private final Session session;
  private final List<Column> columns;
  private final Application application;
  private final Stage stage;
  private final Duration lockWait;
  private final List<String> schemaChanges = new ArrayList<>();
  private LoadPlan plan;
  private LoadStatements statements;
  private String work = LOCK;

  LoadAttempt(
      Session session, LoadPlan plan, List<Column> columns, Stage stage, Duration lockWait) {
    this.session = session;
    this.plan = plan;
    this.columns = columns;
    this.application = plan.destination().application();
    this.statements = new LoadStatements(plan, columns);
    this.stage = stage;
    this.lockWait = lockWait;
  }

  Applied run() throws SQLException {
    session.execute(statements.lockLedger(), lockWait);
    work = "the look-up in the ledger";
    Optional<LedgerEntry> earlier =
        Ledger.find(session, statements.ledger(), plan.run(), plan.destination().name());
    if (earlier.isPresent()) {
      dropStage();
      commit();
      return new Applied(true, earlier.get());
    }
    Target target = ensureTarget();
    work = "COPY into the stage table";
    stage.fill(session);
    work = "counting the stage table";
    requireSame("rows in the stage table", session.number(statements.countStage()));
    LedgerEntry entry = apply(target);
    record(entry);
    dropStage();
    commit();
    return new Applied(false, entry);
  }

  /** What was being done when a statement failed. */
  String work() {
    return work;
  }

  /** What this attempt changed about the table's columns. */
  List<String> schemaChanges() {
    return schemaChanges;
  }

  boolean isWaiting() {
    return work.equals(LOCK);
  }

  boolean isCommitting() {
    return work.equals(COMMIT);
  }

  /**
   * The table that the rows go to.
   *
   * @param created whether this attempt made it
   * @param missing columns that it lacks and is to be given
   */
  private record Target(boolean created, List<Column> missing) {}

  private Target ensureTarget() throws SQLException {
    if (application.operation() == Operation.CREATE_NEW) {
      takeNumber();
      return create();
    }
    work = "the look-up of the table's columns";
    List<TargetTable.Found> found =
        session.query(statements.target().describe(), TargetTable.Found::of);
    if (found.isEmpty()) {
      return create();
    }
    TargetTable table = new TargetTable(plan.destination().table().name(), found);
    return new Target(false, table.changesFor(columns, application).missing());
  }

  /** The lock of the ledger is held, so no other run takes the same number. */
  private void takeNumber() throws SQLException {
    work = "the look-up of the table's number";
    TableName base = plan.destination().table().name();
    List<String> made =
        session.query(statements.ledger().findCreated(base), row -> row.getString(1));
    List<String> taken = session.query(statements.target().findNumbered(), row -> row.getString(1));
    plan = plan.into(TableCounter.next(base, made, taken));
    statements = new LoadStatements(plan, columns);
  }

  private Target create() throws SQLException {
    work = "CREATE TABLE";
    session.execute(statements.target().create());
    executeAll("COMMENT statement ", statements.target().comments());
    return new Target(true, List.of());
  }

  private LedgerEntry apply(Target target) throws SQLException {
    RowChanges changes = new RowChanges(session, plan, statements.apply());
    if (application.write().usesKeys()) {
      work = "counting the keys in the stage table";
      changes.requireKeys(stage.loaded());
    }
    addColumns(target.missing());
    executeAll("pre-sql statement ", statements.preSql());
    work = "the changes of the table's rows";
    LoadResult result = changes.apply();
    if (!application.write().usesKeys()) {
      requireSame("rows inserted into the table", result.rowsInserted().orElse(0));
    } else if (application.write() == Write.MIRROR && !plan.deletesByOperation()) {
      changes.requireExact(stage.loaded());
    }
    if (target.created()) {
      executeAll("GRANT statement ", statements.target().grants());
    }
    work = "the grants to the Tableau reader";
    TableauReader.grant(session, plan.destination(), plan.destination().table().name());
    executeAll("post-sql statement ", statements.postSql());
    return new LedgerEntry(
        RunStatus.SUCCEEDED,
        plan.run().now(),
        Instant.now(),
        stage.loaded(),
        result.withSchemaChanges(schemaChanges),
        Optional.empty());
  }

  private void addColumns(List<Column> missing) throws SQLException {
    for (Column column : missing) {
      work = "ALTER TABLE for column " + column.name();
      session.execute(statements.target().addColumn(column));
      schemaChanges.add("added column " + column.name() + " " + column.type());
    }
  }

  private void executeAll(String kind, List<SqlStatement> all) throws SQLException {
    for (int i = 0; i < all.size(); i++) {
      work = kind + (i + 1);
      session.execute(all.get(i));
    }
  }

  private void record(LedgerEntry entry) throws SQLException {
    work = "the ledger's row";
    session.execute(statements.deleteLedgerRow());
    session.execute(statements.insertLedgerRow(entry));
  }

  private void dropStage() throws SQLException {
    work = "DROP of the stage table";
    session.execute(statements.dropStage());
  }

  private void commit() throws SQLException {
    work = COMMIT;
    session.commit();
  }

  private void requireSame(String what, long counted) {
    requireSame(plan.destination().name(), what, stage.loaded(), counted);
  }

  static void requireSame(String destination, String what, long delivered, long counted) {
    if (counted != delivered) {
      throw PenstockException.of(
          ErrorCode.RECONCILIATION_MISMATCH,
          "The load into destination " + destination + " was rolled back",
          delivered + " rows were delivered and " + counted + " " + what + " were counted",
          "Run again; where it happens again, look for another writer below the staging prefix or"
              + " in the stage table");
    }
  }
}
