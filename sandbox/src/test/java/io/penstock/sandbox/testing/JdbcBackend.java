package io.penstock.sandbox.testing;

import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** A client's connection over pgjdbc instead of over the wire front. */
public final class JdbcBackend implements Backend, AutoCloseable {
  private final Connection connection;
  private final List<String> notices = new ArrayList<>();

  public JdbcBackend(Connection connection) {
    this.connection = connection;
  }

  public Connection connection() {
    return connection;
  }

  /** What the server said beside its results, oldest first. */
  public List<String> notices() {
    return notices;
  }

  @Override
  public String execute(String sql) throws SqlError {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      for (SQLWarning warning = statement.getWarnings();
          warning != null;
          warning = warning.getNextWarning()) {
        notices.add(String.valueOf(warning.getMessage()));
      }
      return "OK";
    } catch (SQLException e) {
      throw error(e);
    }
  }

  @Override
  public List<List<@Nullable String>> query(String sql) throws SqlError {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<@Nullable String>> rows = new ArrayList<>();
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int index = 1; index <= columns; index++) {
          row.add(result.getString(index));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw error(e);
    }
  }

  @Override
  public CopySink copyIn(String sql) throws SqlError {
    try {
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      return new Sink(copy);
    } catch (SQLException e) {
      throw error(e);
    }
  }

  @Override
  public void copyOut(String sql, CopyReceiver receiver) throws SqlError {
    try {
      CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
      for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
        receiver.row(row);
      }
    } catch (SQLException e) {
      throw error(e);
    }
  }

  private record Sink(CopyIn copy) implements CopySink {
    @Override
    public void write(byte[] bytes, int offset, int length) throws SqlError {
      try {
        copy.writeToCopy(bytes, offset, length);
      } catch (SQLException e) {
        throw error(e);
      }
    }

    @Override
    public long finish() throws SqlError {
      try {
        return copy.endCopy();
      } catch (SQLException e) {
        throw error(e);
      }
    }

    @Override
    public void cancel(String reason) throws IOException {
      try {
        copy.cancelCopy();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }

  private static SqlError error(SQLException failure) {
    String state = failure.getSQLState();
    return new SqlError(
        state == null ? "XX000" : state, String.valueOf(failure.getMessage()), null, null);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
