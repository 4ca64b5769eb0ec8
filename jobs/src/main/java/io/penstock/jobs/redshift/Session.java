package io.penstock.jobs.redshift;

import io.penstock.common.plan.SqlStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection to Redshift. Its running statement can be cancelled from another thread. */
public final class Session implements AutoCloseable {
  private static final String QUERY_CANCELED = "57014";

  private final Connection connection;
  private @Nullable Statement running;
  private boolean cancelled;

  public Session(Connection connection) {
    this.connection = connection;
  }

  /** Reads one row of a result. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** The next statement starts a transaction, and so does the one after a commit or rollback. */
  public void beginTransactions() throws SQLException {
    connection.setAutoCommit(false);
  }

  /** Every statement is a transaction of its own from here on. */
  public void endTransactions() throws SQLException {
    connection.setAutoCommit(true);
  }

  /** Executes a statement and returns the number of rows it changed; 0 where it changes none. */
  public long execute(SqlStatement sql) throws SQLException {
    return execute(sql, Duration.ZERO);
  }

  /**
   * @param limit after which the server is asked to cancel; zero: none
   */
  public long execute(SqlStatement sql, Duration limit) throws SQLException {
    try (Statement statement = start(limit)) {
      statement.execute(sql.sql());
      return Math.max(0, statement.getLargeUpdateCount());
    } finally {
      ended();
    }
  }

  public <T> List<T> query(SqlStatement sql, RowReader<T> reader) throws SQLException {
    return query(sql, Duration.ZERO, reader);
  }

  public <T> List<T> query(SqlStatement sql, Duration limit, RowReader<T> reader)
      throws SQLException {
    try (Statement statement = start(limit);
        ResultSet rows = statement.executeQuery(sql.sql())) {
      List<T> read = new ArrayList<>();
      while (rows.next()) {
        read.add(reader.read(rows));
      }
      return read;
    } finally {
      ended();
    }
  }

  /** The columns of a query's result. */
  public List<ResultColumn> columns(SqlStatement sql, Duration limit) throws SQLException {
    try (Statement statement = start(limit);
        ResultSet rows = statement.executeQuery(sql.sql())) {
      return ResultColumn.of(rows.getMetaData());
    } finally {
      ended();
    }
  }

  /**
   * A result that is read as it arrives. The driver reads ahead as far as its buffer goes, which
   * {@link Database} sets, and the server waits for it.
   */
  public Cursor cursor(SqlStatement sql) throws SQLException {
    Statement statement = start(Duration.ZERO);
    try {
      return new Cursor(statement, statement.executeQuery(sql.sql()));
    } catch (SQLException e) {
      statement.close();
      ended();
      throw e;
    }
  }

  /** The rows of one statement; it is what the session runs until it is closed. */
  public final class Cursor implements AutoCloseable {
    private final Statement statement;
    private final ResultSet rows;

    private Cursor(Statement statement, ResultSet rows) {
      this.statement = statement;
      this.rows = rows;
    }

    /** Moves to the next row, of which there may be none. */
    public boolean next() throws SQLException {
      return rows.next();
    }

    /** The row; valid until the next call of {@link #next}. */
    public ResultSet row() {
      return rows;
    }

    @Override
    public void close() throws SQLException {
      ended();
      statement.close();
    }
  }

  /** The single number that a query answers with. */
  public long number(SqlStatement sql) throws SQLException {
    return query(sql, row -> row.getLong(1)).get(0);
  }

  public void commit() throws SQLException {
    refuseAfterCancel();
    connection.commit();
  }

  /** Rolls back; a failure to is added to the failure that led here. */
  public void rollback(Throwable failure) {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
    } catch (SQLException e) {
      failure.addSuppressed(StatementFailures.withoutValues(e));
    }
  }

  /** Rolls back; a connection that cannot is closed next, and the server then does so by itself. */
  public void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      return;
    }
  }

  /**
   * Asks the server to cancel what is running and refuses every later statement. A commit that has
   * begun is not interrupted.
   */
  public synchronized void cancel() {
    cancelled = true;
    if (running != null) {
      try {
        running.cancel();
      } catch (SQLException e) {
        // The connection is closed next, and the server then ends the transaction by itself.
        return;
      }
    }
  }

  private synchronized Statement start(Duration limit) throws SQLException {
    refuseAfterCancel();
    Statement statement = connection.createStatement();
    // JDBC's {…} escapes would otherwise be looked for in the user's own statements.
    statement.setEscapeProcessing(false);
    statement.setQueryTimeout(Math.toIntExact(limit.toSeconds()));
    running = statement;
    return statement;
  }

  private synchronized void refuseAfterCancel() throws SQLException {
    if (cancelled) {
      throw new SQLException("cancelled", QUERY_CANCELED);
    }
  }

  private synchronized void ended() {
    running = null;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing is lost with it: what was to be kept has been committed.
      return;
    }
  }
}
