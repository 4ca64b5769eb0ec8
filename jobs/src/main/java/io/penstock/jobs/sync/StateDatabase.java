package io.penstock.jobs.sync;

import io.penstock.common.config.StateSchema;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.StateStatements;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The database of a sync's state. */
final class StateDatabase {
  private static final int ATTEMPTS = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final StateSchema home;
  private final Database database;
  private final Set<Session> running = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  StateDatabase(StateSchema home, SecretResolver secrets) {
    this(home, secrets, new com.amazon.redshift.jdbc.Driver());
  }

  /** As the other, by a driver that stands in for the real one. */
  StateDatabase(StateSchema home, SecretResolver secrets, Driver driver) {
    this.home = home;
    this.database =
        new Database(home.redshift().connection(), "source " + home.source(), secrets, driver);
  }

  @FunctionalInterface
  interface Work<T> {
    T with(Session session) throws SQLException;
  }

  /** Reads on a connection of its own. */
  <T> T read(Work<T> work) {
    return tried(work, e -> SyncProblems.refused(home.toString(), "read", e));
  }

  /**
   * Does something on a connection of its own.
   *
   * @param failure what a statement that failed is
   */
  <T> T tried(Work<T> work, Function<SQLException, PenstockException> failure) {
    try {
      return on(work);
    } catch (SQLException e) {
      throw cancelled ? SyncProblems.interrupted(home.toString(), e) : failure.apply(e);
    }
  }

  /**
   * Does something on a connection of its own, and once more where the server could not serialize
   * it or the connection broke: what it does may have been done already.
   */
  <T> T write(Work<T> work) {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return on(work);
      } catch (SQLException e) {
        boolean again = StatementFailures.isSerialization(e) || StatementFailures.isBroken(e);
        if (!again || cancelled || attempt == ATTEMPTS) {
          throw failure("written", e);
        }
        sleep(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private <T> T on(Work<T> work) throws SQLException {
    try (Session session = open()) {
      running.add(session);
      if (cancelled) {
        session.cancel();
      }
      try {
        return work.with(session);
      } finally {
        running.remove(session);
      }
    }
  }

  /**
   * A connection, to be closed.
   *
   * @throws PenstockException {@code SOURCE_UNREADABLE}
   */
  Session open() {
    try {
      return database.open();
    } catch (PenstockException e) {
      throw e.code() == ErrorCode.LOAD_CONNECTION
          ? PenstockException.of(
              ErrorCode.SOURCE_UNREADABLE, e.problem(), e.reason(), e.remedy(), e)
          : e;
    }
  }

  /** Creating a schema asks for a privilege that a user need not have where it exists. */
  static void ensureSchema(Session session, StateStatements statements) throws SQLException {
    try {
      if (hasNoSchema(session, statements)) {
        session.execute(statements.createSchema());
      }
    } catch (SQLException e) {
      if (hasNoSchema(session, statements)) {
        throw e;
      }
    }
  }

  private static boolean hasNoSchema(Session session, StateStatements statements)
      throws SQLException {
    return session.query(statements.findSchema(), row -> row.getInt(1)).isEmpty();
  }

  PenstockException failure(String done, SQLException e) {
    return cancelled
        ? SyncProblems.interrupted(home.toString(), e)
        : SyncProblems.refused(home.toString(), done, e);
  }

  /** Ends what is waited for, from another thread; everything after it fails. */
  void cancel() {
    cancelled = true;
    running.forEach(Session::cancel);
  }

  boolean isCancelled() {
    return cancelled;
  }

  private void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SyncProblems.interrupted(home.toString(), e);
    }
  }
}
