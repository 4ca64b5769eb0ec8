package io.penstock.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Whether two folders of files hold the same rows, judged by DuckDB.
 *
 * @param reader a table function over a glob, with {@code %s} for the folder
 */
record SameRows(String reader) implements Judge {
  static final SameRows CSV =
      new SameRows(
          "read_csv('%s/part*.csv*', header = true, all_varchar = true, quote = '\"', escape ="
              + " '\"')");
  static final SameRows NDJSON =
      new SameRows("read_json('%s/part*.json*', format = 'newline_delimited')");
  static final SameRows PARQUET = new SameRows("read_parquet('%s/part*.parquet')");

  @Override
  public String verdict(Folder ours, Folder peer) throws SQLException {
    String first = digest(ours);
    String second = digest(peer);
    if (!first.equals(second)) {
      throw new IllegalStateException(
          "the rows differ: "
              + first
              + " in "
              + ours.path()
              + ", "
              + second
              + " in "
              + peer.path());
    }
    return first;
  }

  /** Rows, and a sum of row hashes that does not depend on their order. */
  private String digest(Folder folder) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) || ' rows, digest ' || coalesce(sum(hash(t)::HUGEINT), 0) FROM "
                    + reader.formatted(folder.path())
                    + " t")) {
      result.next();
      return result.getString(1);
    }
  }
}
