package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LedgerEntry;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.jobs.load.LoadTransaction.Applied;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One attempt at the transaction of a load. Rolling back is the caller's part. */
final class LoadAttempt {
  private static final String LOCK = "the lock of the ledger";
  private static final String COMMIT = "COMMIT";

  private final Session session;
  private final LoadPlan plan;
  private final List<Column> columns;
  private final LoadStatements statements;
  private final Stage stage;
  private final Duration lockWait;
  private String work = LOCK;

  LoadAttempt(
      Session session, LoadPlan plan, List<Column> columns, Stage stage, Duration lockWait) {
    this.session = session;
    this.plan = plan;
    this.columns = columns;
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
    boolean created = ensureTarget();
    work = "COPY into the stage table";
    stage.fill(session);
    work = "counting the stage table";
    requireSame("rows in the stage table", session.number(statements.countStage()));
    LedgerEntry entry = apply(created);
    record(entry);
    dropStage();
    commit();
    return new Applied(false, entry);
  }

  /** What was being done when a statement failed. */
  String work() {
    return work;
  }

  boolean isWaiting() {
    return work.equals(LOCK);
  }

  boolean isCommitting() {
    return work.equals(COMMIT);
  }

  private boolean ensureTarget() throws SQLException {
    work = "the look-up of the table's columns";
    List<TargetTable.Found> found =
        session.query(statements.describeTarget(), TargetTable.Found::of);
    if (!found.isEmpty()) {
      TargetTable.requireTakes(plan.destination().table().name(), found, columns);
      return false;
    }
    work = "CREATE TABLE";
    session.execute(statements.createTarget());
    return true;
  }

  private LedgerEntry apply(boolean created) throws SQLException {
    executeAll("pre-sql statement ", statements.preSql());
    OptionalLong deleted = OptionalLong.empty();
    if (plan.destination().write() == Write.OVERWRITE) {
      work = "DELETE from the table";
      deleted = OptionalLong.of(session.execute(statements.deleteTarget()));
    }
    work = "INSERT into the table";
    long inserted = session.execute(statements.insertFromStage());
    requireSame("rows inserted into the table", inserted);
    if (created) {
      executeAll("GRANT statement ", statements.grants());
    }
    work = "the grants to the Tableau reader";
    TableauReader.grant(session, plan.destination(), plan.destination().table().name());
    executeAll("post-sql statement ", statements.postSql());
    return new LedgerEntry(
        RunStatus.SUCCEEDED,
        plan.run().now(),
        Instant.now(),
        stage.loaded(),
        OptionalLong.of(inserted),
        deleted,
        Optional.empty());
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
