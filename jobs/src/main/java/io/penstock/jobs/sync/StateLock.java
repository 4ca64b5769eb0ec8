package io.penstock.jobs.sync;

import io.penstock.common.config.StateSchema;
import io.penstock.common.plan.SourceStatements;
import io.penstock.common.plan.StateStatements;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps two syncs of a job from working at once on a state in Redshift: a transaction that holds a
 * table, which the server lets go with the connection. Where the connection breaks under a sync
 * that lives, it is the document of the state that only one of two syncs can replace.
 */
public final class StateLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateLock.class);

  /** The server may take some time to notice that a process is gone. */
  private static final Duration WAIT = Duration.ofSeconds(3);

  /** What lies between forgets connections that are silent for some minutes. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(60);

  private final Session session;
  private final ScheduledExecutorService signs;

  private StateLock(Session session) {
    this.session = session;
    this.signs =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "penstock-sync-lock");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * @throws io.penstock.common.error.PenstockException {@code TARGET_HELD} where another sync holds
   *     it; {@code SOURCE_UNREADABLE}, {@code STATE_UNREADABLE}, {@code SECRET_UNRESOLVED}
   */
  public static StateLock acquire(StateSchema home, SecretResolver secrets) {
    StateDatabase database = new StateDatabase(home, secrets);
    StateStatements statements = new StateStatements(home.schema(), home.job());
    StateLock lock = new StateLock(database.open());
    boolean held = false;
    try {
      ensureLock(lock.session, statements);
      lock.session.beginTransactions();
      lock.session.execute(statements.lock(statements.lock()), WAIT);
      lock.keepAlive();
      held = true;
      return lock;
    } catch (SQLException e) {
      throw StatementFailures.isCancelled(e)
          ? SyncProblems.locked(home.job(), statements.lock().toString())
          : database.failure("locked", e);
    } finally {
      if (!held) {
        lock.close();
      }
    }
  }

  private static void ensureLock(Session session, StateStatements statements) throws SQLException {
    if (isThere(session, statements)) {
      return;
    }
    StateDatabase.ensureSchema(session, statements);
    try {
      session.execute(statements.createLock());
    } catch (SQLException e) {
      if (!isThere(session, statements)) {
        throw e;
      }
    }
  }

  private static boolean isThere(Session session, StateStatements statements) throws SQLException {
    return !session.query(statements.find(statements.lock()), row -> row.getString(1)).isEmpty();
  }

  private void keepAlive() {
    long millis = SIGN_OF_LIFE.toMillis();
    signs.scheduleWithFixedDelay(this::sign, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void sign() {
    try {
      session.query(SourceStatements.selectOne(), row -> row.getInt(1));
    } catch (SQLException e) {
      LOG.warn(
          "The lock of the sync is lost; another sync of the job is noticed when the state is"
              + " written: {}",
          StatementFailures.describe(e));
      signs.shutdown();
    }
  }

  @Override
  public void close() {
    signs.shutdownNow();
    session.close();
  }
}
