package io.penstock.jobs.load;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LedgerEntry;
import io.penstock.common.plan.LedgerStatements;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.schema.Column;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Applies a stage to the target exactly once: runs the transaction, repeats it where the server
 * rolled it back as not serializable, and finds out what became of it where the reply to COMMIT was
 * lost.
 */
final class LoadTransaction {
  private static final int RECONNECTS = 5;

  private final Database database;
  private final LoadPlan plan;
  private final List<Column> columns;
  private final LoadLimits limits;
  private final LedgerStatements ledger;

  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  private volatile boolean cancelled;

  LoadTransaction(Database database, LoadPlan plan, List<Column> columns, LoadLimits limits) {
    this.database = database;
    this.plan = plan;
    this.columns = columns;
    this.limits = limits;
    this.ledger = new LedgerStatements(plan.destination().stateSchema());
  }

  /**
   * What the run did to the table.
   *
   * @param already whether an earlier attempt of this run did it
   */
  record Applied(boolean already, LedgerEntry entry) {

    /** The same, with what was changed about the table before. */
    Applied after(List<String> changes) {
      LoadResult load = entry.load();
      List<String> all = new ArrayList<>(changes);
      all.addAll(load.schemaChanges());
      return new Applied(
          already,
          new LedgerEntry(
              entry.status(),
              entry.startedAt(),
              entry.endedAt(),
              entry.rows(),
              load.withSchemaChanges(all),
              entry.error()));
    }
  }

  Applied run(Stage stage) {
    try (Session session = connect()) {
      try {
        Ledger.ensure(session, ledger);
        session.beginTransactions();
      } catch (SQLException e) {
        throw failure("the ledger", e);
      }
      List<String> widened = Widening.isWanted(plan) ? widen(session) : List.of();
      return repeat(session, stage, widened);
    } finally {
      sessions.clear();
    }
  }

  /** Cancels what is running; the transaction ends without effect. */
  void cancel() {
    cancelled = true;
    sessions.forEach(Session::cancel);
  }

  private List<String> widen(Session session) {
    Widening widening = new Widening(plan, columns, limits.lockWait());
    try {
      return widening.run(session, this::connect);
    } catch (SQLException e) {
      session.rollback(e);
      if (widening.isWaiting() && StatementFailures.isCancelled(e) && !cancelled) {
        throw Ledger.held(plan.destination(), limits.lockWait());
      }
      throw failure(widening.work(), e);
    } catch (PenstockException e) {
      session.rollback(e);
      throw e;
    }
  }

  private Applied repeat(Session session, Stage stage, List<String> widened) {
    Duration pause = limits.firstPause();
    for (int attempt = 1; ; attempt++) {
      LoadAttempt load = new LoadAttempt(session, plan, columns, stage, limits.lockWait());
      try {
        return load.run().after(widened);
      } catch (SQLException e) {
        session.rollback(e);
        if (StatementFailures.isSerialization(e) && attempt < limits.attempts()) {
          sleep(pause);
          pause = pause.multipliedBy(2);
        } else if (load.isCommitting() && StatementFailures.isBroken(e)) {
          return resolve(e, load.schemaChanges()).after(widened);
        } else if (load.isWaiting() && StatementFailures.isCancelled(e) && !cancelled) {
          throw Ledger.held(plan.destination(), limits.lockWait());
        } else {
          throw failure(load.work(), e);
        }
      } catch (PenstockException e) {
        session.rollback(e);
        throw e;
      }
    }
  }

  /** What the ledger says after a lost reply; empty: nothing was applied. */
  private record Outcome(Optional<LedgerEntry> entry) {}

  /** Reads from the ledger what became of a COMMIT whose reply was lost. */
  private Applied resolve(SQLException lost, List<String> schemaChanges) {
    Duration pause = limits.firstPause();
    for (int attempt = 1; attempt <= RECONNECTS; attempt++) {
      Outcome outcome = lookAfter(lost);
      if (outcome != null) {
        return outcome
            .entry()
            .map(found -> new Applied(false, found).after(schemaChanges))
            .orElseThrow(() -> failure("COMMIT", lost));
      }
      sleep(pause);
      pause = pause.multipliedBy(2);
    }
    throw PenstockException.of(
        ErrorCode.LOAD_CONNECTION,
        "It is not known whether the load into destination "
            + plan.destination().name()
            + " was committed",
        "the connection broke before the reply to COMMIT, and the ledger could not be read after",
        "Run again with the same --run-id " + plan.run().runId() + ": it is applied exactly once",
        StatementFailures.withoutValues(lost));
  }

  /**
   * Null where the ledger cannot be read now. The lock is waited for first: the old session holds
   * it until the server has committed or rolled back.
   */
  private @Nullable Outcome lookAfter(SQLException lost) {
    try (Session session = connect()) {
      session.beginTransactions();
      session.execute(ledger.lock(), limits.lockWait());
      Outcome outcome =
          new Outcome(Ledger.find(session, ledger, plan.run(), plan.destination().name()));
      session.commit();
      return outcome;
    } catch (SQLException e) {
      lost.addSuppressed(StatementFailures.withoutValues(e));
      return null;
    } catch (PenstockException e) {
      lost.addSuppressed(e);
      return null;
    }
  }

  private PenstockException failure(String work, SQLException e) {
    if (cancelled) {
      return PenstockException.of(
          ErrorCode.INTERRUPTED,
          "The load into destination " + plan.destination().name() + " was interrupted at " + work,
          "the run was told to end",
          "Run again with the same --run-id; nothing was applied",
          StatementFailures.withoutValues(e));
    }
    return LoadFailures.of(plan.destination().name(), work, e);
  }

  private Session connect() {
    Session session = database.open();
    sessions.add(session);
    if (cancelled) {
      session.cancel();
    }
    return session;
  }

  /** Waits for between half the time and all of it. */
  static void sleep(Duration longest) {
    try {
      Thread.sleep(
          ThreadLocalRandom.current().nextLong(longest.toMillis() / 2, longest.toMillis() + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PenstockException.of(
          ErrorCode.INTERRUPTED,
          "The load was interrupted between two attempts",
          "the run was told to end",
          "Run again with the same --run-id",
          e);
    }
  }
}
