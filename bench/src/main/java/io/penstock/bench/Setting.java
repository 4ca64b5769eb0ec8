package io.penstock.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What all pairs of a run share.
 *
 * @param duckdb with as many threads as Spark has
 * @param output where both sides write
 * @param synced whether a peer's files are forced to the disk before its time is taken
 */
record Setting(
    SparkSession spark,
    Connection duckdb,
    Lineitem lineitem,
    Path output,
    boolean synced,
    int rounds) {

  Dataset<Row> rows(Lineitem.Form form) {
    return lineitem.rows(form);
  }

  /** Writes lineitem by DuckDB. */
  void copy(Path target, String options) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_parquet('%s/*.parquet')) TO '%s' (%s)"
              .formatted(lineitem.files(Lineitem.Form.TYPED), target, options));
    }
  }
}
