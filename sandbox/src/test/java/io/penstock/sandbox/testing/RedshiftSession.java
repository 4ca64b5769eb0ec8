package io.penstock.sandbox.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A connection of the Amazon Redshift JDBC driver with one statement. */
public final class RedshiftSession implements AutoCloseable {
  private final Connection connection;
  private final Statement statement;

  public RedshiftSession(Connection connection) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
  }

  public Connection connection() {
    return connection;
  }

  public RedshiftSession execute(String... statements) throws SQLException {
    for (String sql : statements) {
      statement.execute(sql);
    }
    return this;
  }

  public int update(String sql) throws SQLException {
    return statement.executeUpdate(sql);
  }

  public RedshiftSession begin() throws SQLException {
    connection.setAutoCommit(false);
    return this;
  }

  public void commit() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
  }

  public void rollback() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
  }

  /** The rows as text, their columns between bars; NULL is {@code null}. */
  public List<String> rows(String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  /** SQLSTATE and message of the error that the statement ends in. */
  public String refusal(String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      return e.getSQLState() + " " + e.getMessage();
    }
    throw new AssertionError("not refused: " + sql);
  }

  /** The names of a result's columns. */
  public List<String> columns(String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        names.add(result.getMetaData().getColumnName(i));
      }
      return names;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
