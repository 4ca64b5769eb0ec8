package io.penstock.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether two folders of files hold the same rows, judged by DuckDB. */
final class Parity {
  private Parity() {}

  /**
   * @param reader a DuckDB table function over a glob, with {@code %s} for the folder
   * @throws IllegalStateException naming both digests where they differ
   */
  static String check(String reader, String ours, String peer) throws SQLException {
    String first = digest(reader.formatted(ours));
    String second = digest(reader.formatted(peer));
    if (!first.equals(second)) {
      throw new IllegalStateException(
          "the rows differ: " + first + " in " + ours + ", " + second + " in " + peer);
    }
    return first;
  }

  /** Rows, and a sum of row hashes that does not depend on their order. */
  private static String digest(String reader) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) || ' rows, digest ' || coalesce(sum(hash(t)::HUGEINT), 0) FROM "
                    + reader
                    + " t")) {
      result.next();
      return result.getString(1);
    }
  }
}
