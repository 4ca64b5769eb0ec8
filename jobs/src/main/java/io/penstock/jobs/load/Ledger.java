package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LedgerEntry;
import io.penstock.common.plan.LedgerStatements;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.RunStatus;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The record of loads in the state schema of a destination. A state schema or a ledger that does
 * not exist is an empty one.
 */
public final class Ledger {
  private static final Duration READ_LIMIT = Duration.ofSeconds(60);

  private final RedshiftDestination destination;
  private final Database database;
  private final LedgerStatements statements;

  public Ledger(RedshiftDestination destination, SecretResolver secrets) {
    this.destination = destination;
    this.database = LoadDatabase.of(destination, secrets);
    this.statements = new LedgerStatements(destination.stateSchema());
  }

  /**
   * What this run applied to the destination; empty where it applied nothing.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, {@code LOAD_STATEMENT}, or {@code
   *     TARGET_HELD} where a load holds the ledger for a minute
   */
  public Optional<LedgerEntry> applied(RunContext run) {
    return read(
            session ->
                session.query(
                    statements.findApplied(run, destination.name()), READ_LIMIT, Ledger::entry))
        .stream()
        .findFirst();
  }

  /** The latest loads of a job into any destination of this state schema, newest first. */
  public List<RunRecord> history(String job, int limit) {
    return read(
        session ->
            session.query(statements.history(job, limit), READ_LIMIT, row -> runRecord(job, row)));
  }

  /** Records a run that failed; does nothing where the run was applied. */
  public void recordFailure(RunContext run, Instant endedAt, RunError error) {
    try (Session session = database.open()) {
      try {
        ensure(session, statements);
        session.beginTransactions();
        session.execute(statements.lock(), READ_LIMIT);
        if (find(session, statements, run, destination.name()).isEmpty()) {
          session.execute(statements.delete(run, destination.name()));
          session.execute(
              statements.insert(
                  run,
                  destination.name(),
                  new LedgerEntry(
                      RunStatus.FAILED,
                      run.now(),
                      endedAt,
                      0,
                      LoadResult.uncounted(
                          destination.table().name().toString(),
                          LedgerStatements.operation(destination.application())),
                      Optional.of(error))));
        }
        session.commit();
      } catch (SQLException e) {
        session.rollback(e);
        throw failure(e);
      }
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    List<T> read(Session session) throws SQLException;
  }

  private <T> List<T> read(Reading<T> reading) {
    try (Session session = database.open()) {
      return exists(session, statements) ? reading.read(session) : List.of();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private PenstockException failure(SQLException e) {
    if (StatementFailures.isCancelled(e)) {
      return held(destination, READ_LIMIT);
    }
    return LoadFailures.of(destination.name(), "the ledger", e);
  }

  static PenstockException held(RedshiftDestination destination, Duration waited) {
    return PenstockException.of(
        ErrorCode.TARGET_HELD,
        "The load into destination " + destination.name() + " did not get its turn",
        "another load holds the ledger of state schema "
            + destination.stateSchema()
            + " for more than "
            + waited.toSeconds()
            + " seconds",
        "Run again with the same --run-id once the other load has ended; jobs that are to load at"
            + " the same time need a state-schema each");
  }

  static boolean exists(Session session, LedgerStatements statements) throws SQLException {
    return !session.query(statements.findLedger(), row -> row.getInt(1)).isEmpty();
  }

  static Optional<LedgerEntry> find(
      Session session, LedgerStatements statements, RunContext run, String destination)
      throws SQLException {
    return session.query(statements.findApplied(run, destination), Ledger::entry).stream()
        .findFirst();
  }

  /**
   * Creates what is missing of the state schema and the ledger, each in a transaction of its own:
   * the transaction of a load has to begin with the lock. Of runs that create them at once, one
   * succeeds and the others find them.
   */
  static void ensure(Session session, LedgerStatements statements) throws SQLException {
    if (exists(session, statements)) {
      return;
    }
    try {
      if (session.query(statements.findStateSchema(), row -> row.getInt(1)).isEmpty()) {
        session.execute(statements.createStateSchema());
      }
    } catch (SQLException e) {
      if (session.query(statements.findStateSchema(), row -> row.getInt(1)).isEmpty()) {
        throw e;
      }
    }
    try {
      session.execute(statements.createLedger());
    } catch (SQLException e) {
      if (!exists(session, statements)) {
        throw e;
      }
    }
  }

  private static LedgerEntry entry(ResultSet row) throws SQLException {
    return new LedgerEntry(
        status(row),
        instant(row, "started_at"),
        instant(row, "ended_at"),
        row.getLong("rows"),
        load(row),
        Optional.empty());
  }

  private static LoadResult load(ResultSet row) throws SQLException {
    return new LoadResult(
        row.getString("table"),
        row.getString("operation"),
        number(row, "rows_inserted"),
        number(row, "rows_updated"),
        number(row, "rows_deleted"),
        List.of());
  }

  private static RunRecord runRecord(String job, ResultSet row) throws SQLException {
    RunStatus status = status(row);
    long rows = row.getLong("rows");
    DestinationResult result =
        new DestinationResult(
            row.getString("destination"),
            "redshift",
            status,
            rows,
            0,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(load(row)));
    @Nullable String code = row.getString("error_code");
    @Nullable String message = row.getString("error_message");
    return new RunRecord(
        job,
        row.getString("run_id"),
        status,
        instant(row, "started_at"),
        instant(row, "ended_at"),
        rows,
        0,
        List.of(result),
        code == null
            ? Optional.empty()
            : Optional.of(new RunError(code, message == null ? "" : message)));
  }

  private static RunStatus status(ResultSet row) throws SQLException {
    String text = row.getString("status");
    return Arrays.stream(RunStatus.values())
        .filter(status -> status.text().equals(text))
        .findFirst()
        .orElse(RunStatus.FAILED);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
