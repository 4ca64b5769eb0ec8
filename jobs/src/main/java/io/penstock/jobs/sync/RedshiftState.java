package io.penstock.jobs.sync;

import io.penstock.common.config.StateSchema;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.StateStaging;
import io.penstock.common.plan.StateStatements;
import io.penstock.common.run.SyncResult;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StagingKeys;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State in tables of a schema of the source's Redshift, which the source's user owns.
 *
 * <ul>
 *   <li>{@code penstock_<job>_state}: the document;
 *   <li>{@code penstock_<job>_cursor}: one row, the checkpoint of the current sync;
 *   <li>{@code penstock_<job>_snapshot_<number>}, {@code penstock_<job>_failed_keys_<number>}: for
 *       each sync that is current or under way;
 *   <li>{@code penstock_<job>_sync_log}: a row for each sync that is done.
 * </ul>
 */
public final class RedshiftState implements SyncState {
  private static final Logger LOG = LoggerFactory.getLogger(RedshiftState.class);

  /** How long another transaction is waited for. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(60);

  private final StateSchema home;
  private final StateStatements statements;
  private final StateDatabase database;
  private final StateTables tables;
  private final StateReading reading;
  private Found found = Found.NOTHING;

  private RedshiftState(
      StateSchema home, StateDatabase database, StateTables tables, StateReading reading) {
    this.home = home;
    this.statements = new StateStatements(home.schema(), home.job());
    this.database = database;
    this.tables = tables;
    this.reading = reading;
  }

  /**
   * What a state is written with.
   *
   * @param keys makes keys for COPY of the credentials of the source's staging
   * @param files writes what is copied
   */
  public record Means(SecretResolver secrets, StagingKeys keys, StateFiles files) {}

  /** The state; nothing is read yet. */
  public static RedshiftState of(StateSchema home, StateReading reading, Means means) {
    return of(home, new StateDatabase(home, means.secrets()), reading, means);
  }

  static RedshiftState of(
      StateSchema home, StateDatabase database, StateReading reading, Means means) {
    Optional<StoreLocation.Bucket> folder = StateStaging.folder(home);
    StateTables tables =
        folder.isPresent()
            ? new CopiedTables(home, database, folder.get(), means)
            : new InsertedTables(home, database, means.secrets());
    return new RedshiftState(home, database, tables, reading);
  }

  @Override
  public String place() {
    return home.toString();
  }

  /**
   * What the document's table and that of the cursor hold.
   *
   * @param text of the document; that of {@link #LOST} where there is none and there was one
   * @param version of the document
   * @param cursors rows of the cursor's table
   */
  private record Found(
      Optional<String> text, String version, long cursors, Optional<String> checkpoint) {
    static final Found NOTHING = new Found(Optional.empty(), "", 0, Optional.empty());
    static final Found LOST = new Found(Optional.of("lost"), "", 0, Optional.empty());

    /** As it is written. */
    String written() {
      return text.orElse("");
    }
  }

  @Override
  public Optional<String> document() {
    found = database.read(session -> find(session, existing(session)));
    return found.text();
  }

  /** Those of the tables beside the snapshots that there are, by their names. */
  private Set<String> existing(Session session) throws SQLException {
    return new HashSet<>(
        session.query(
            statements.find(statements.document(), statements.cursor(), statements.log()),
            row -> row.getString(1)));
  }

  private Found find(Session session, Set<String> existing) throws SQLException {
    if (!existing.contains(statements.document().name())) {
      return existing.isEmpty() ? Found.NOTHING : Found.LOST;
    }
    boolean cursor = existing.contains(statements.cursor().name());
    List<Found> parts = session.query(statements.readDocument(cursor), RedshiftState::part);
    if (parts.isEmpty()) {
      return Found.LOST;
    }
    Found first = parts.get(0);
    String text = parts.stream().map(Found::written).collect(Collectors.joining());
    return new Found(
        Optional.of(text).filter(whole -> !whole.isEmpty()),
        first.version(),
        first.cursors(),
        first.checkpoint());
  }

  private static Found part(ResultSet row) throws SQLException {
    return new Found(
        Optional.of(row.getString(1)),
        row.getString(2),
        row.getLong(3),
        Optional.ofNullable(row.getString(4)));
  }

  @Override
  public void requireCheckpoint(Optional<String> checkpoint) {
    if (found.cursors() != 1 || !found.checkpoint().equals(checkpoint)) {
      throw SyncProblems.unreadable(
          place(),
          "its table "
              + statements.cursor()
              + (found.cursors() == 1
                  ? " says that the checkpoint is "
                      + found.checkpoint().orElse("NULL")
                      + ", and its document "
                      + checkpoint.orElse("NULL")
                  : " has " + found.cursors() + " rows instead of one"),
          null);
    }
  }

  @Override
  public void replace(Optional<String> expected, String document) {
    Optional<String> checkpoint =
        StateDocument.parse(document).current().flatMap(entry -> entry.result().checkpoint());
    String version = UUID.randomUUID().toString();
    database.write(
        session -> {
          ensureDocument(session);
          return replace(session, expected, new Next(document, version, checkpoint));
        });
  }

  /**
   * What takes the place of a document.
   *
   * @param version that no other has
   */
  private record Next(String document, String version, Optional<String> checkpoint) {}

  private Next replace(Session session, Optional<String> expected, Next next) throws SQLException {
    lock(session);
    Set<String> existing = existing(session);
    Found now = find(session, existing);
    if (now.version().equals(next.version())) {
      // the reply to an earlier COMMIT was lost
      return next;
    }
    if (!now.text().equals(expected)) {
      throw SyncProblems.held(place());
    }
    if (!existing.contains(statements.cursor().name())) {
      session.execute(statements.createCursor());
    }
    session.execute(statements.clear(statements.document()));
    session.execute(statements.insertDocument(next.document(), next.version()));
    session.execute(statements.clear(statements.cursor()));
    session.execute(statements.insertCursor(next.checkpoint()));
    session.commit();
    return next;
  }

  private void lock(Session session) throws SQLException {
    session.beginTransactions();
    try {
      session.execute(statements.lock(statements.document()), LOCK_WAIT);
    } catch (SQLException e) {
      if (StatementFailures.isCancelled(e) && !database.isCancelled()) {
        throw SyncProblems.held(place());
      }
      throw e;
    }
  }

  /** Of syncs that create it at once one succeeds, and the others find it. */
  private void ensureDocument(Session session) throws SQLException {
    Set<String> existing = existing(session);
    if (existing.contains(statements.document().name())) {
      return;
    }
    StateDatabase.ensureSchema(session, statements);
    session.beginTransactions();
    try {
      session.execute(statements.createDocument());
      session.execute(statements.insertDocument(find(session, existing).written(), ""));
      session.commit();
      session.endTransactions();
    } catch (SQLException e) {
      session.rollback(e);
      session.endTransactions();
      if (!existing(session).contains(statements.document().name())) {
        throw e;
      }
    }
  }

  @Override
  public Dataset<Row> snapshot(long number) {
    return read(statements.snapshot(number));
  }

  @Override
  public void writeSnapshot(long number, Dataset<Row> rows) {
    tables.write(statements.snapshot(number), StateTypes.stored(rows));
  }

  @Override
  public Dataset<Row> failedKeys(long number) {
    return read(statements.failedKeys(number));
  }

  @Override
  public void writeFailedKeys(long number, Dataset<Row> rows) {
    tables.write(statements.failedKeys(number), StateTypes.stored(rows));
  }

  private Dataset<Row> read(TableName table) {
    try {
      return StateTypes.restored(reading.open(table));
    } catch (PenstockException e) {
      throw e.code() == ErrorCode.SOURCE_UNREADABLE
          ? SyncProblems.unreadable(place(), "table " + table + ": " + e.reason(), e)
          : e;
    }
  }

  @Override
  public void log(String runId, SyncResult result, Instant at) {
    database.write(
        session -> {
          session.execute(statements.createLog());
          session.beginTransactions();
          session.execute(statements.deleteLog(result.number()));
          session.execute(statements.insertLog(runId, result, at));
          session.commit();
          return result;
        });
  }

  @Override
  public void keepOnly(long number) {
    Set<String> kept =
        Set.of(statements.snapshot(number).name(), statements.failedKeys(number).name());
    try {
      database.write(
          session -> {
            List<String> all = session.query(statements.findKeys(), row -> row.getString(1));
            for (String name : all) {
              if (!kept.contains(name)) {
                session.execute(statements.drop(name), LOCK_WAIT);
              }
            }
            return all;
          });
    } catch (PenstockException e) {
      LOG.warn("The state of earlier syncs stays: {}", e.getMessage());
    }
  }

  @Override
  public boolean isBehind(Throwable failure) {
    String name = statements.snapshot(0).schema() + "." + statements.head();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (String.valueOf(each.getMessage()).contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** Ends what is waited for, from another thread. */
  public void cancel() {
    database.cancel();
  }

  /** Every connection was closed after its use. */
  @Override
  public void close() {}
}
