package io.penstock.jobs.cluster;

import io.penstock.jobs.testing.LocalSpark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Sources on local disk: {@code orders} as Parquet, {@code customers} as Delta, some of whose names
 * are longer than the template lets them be. DuckDB says what the job has to make of them.
 *
 * @param directory where the tables lie
 */
record Lake(Path directory) {
  static final int CUSTOMERS = 4_000;
  static final int ORDERS = 16_000;

  /** Customers whose number is a multiple of this have a name that is too long. */
  static final int TOO_LONG = 1_500;

  static final int REJECTED = 3;

  /** The columns that every destination is compared by, as texts. */
  static final String COLUMNS = "customer_id, name, country, orders, amount, token";

  /** Makes the work of each row large enough for a task to be caught at it. */
  private static final int REPEATED = 6_000;

  static Lake write(Path directory) {
    SparkSession spark = LocalSpark.session();
    Lake lake = new Lake(directory);
    spark
        .range(0, ORDERS, 1, 8)
        .selectExpr(
            "id as order_id",
            "id % " + CUSTOMERS + " as customer",
            "cast(id * 1.25 as decimal(12,2)) as amount")
        .write()
        .parquet(lake.orders().toString());
    spark
        .range(0, CUSTOMERS, 1, 2)
        .selectExpr(
            "id",
            "if(id > 0 and id % "
                + TOO_LONG
                + " = 0 or id = 1, "
                + "concat('Very Long Näme ', id), concat('Näme ', id)) as name",
            "concat('c', lpad(id % 24, 2, '0')) as country")
        .write()
        .format("delta")
        .save(lake.customers().toString());
    return lake;
  }

  Path orders() {
    return directory.resolve("orders");
  }

  Path customers() {
    return directory.resolve("customers");
  }

  /** The same text is Spark SQL and DuckDB's. */
  static String query(String hash) {
    return """
        SELECT c.id, c.name, c.country, o.orders, o.amount,
          %s AS token
        FROM customers c
        JOIN (SELECT customer, count(*) AS orders, sum(amount) AS amount
              FROM orders GROUP BY customer) o ON o.customer = c.id
        """
        .formatted(hash.formatted("repeat(c.name, " + REPEATED + ")"));
  }

  /** The rows that fit, in the order of their ids. */
  List<String> expected() throws SQLException {
    String views =
        "CREATE VIEW orders AS SELECT * FROM read_parquet('%s/*.parquet');"
            + "CREATE VIEW customers AS SELECT * FROM read_parquet('%s/*.parquet');";
    return rows(
        views.formatted(orders(), customers()),
        "SELECT id, name, country, orders, cast(amount AS decimal(14,2)), token FROM ("
            + query("sha256(%s)")
            + ") WHERE strlen(name) <= 12 ORDER BY id");
  }

  /** The rows of a DuckDB query, their values joined by {@code |}. */
  static List<String> rows(String setUp, String query) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      if (!setUp.isEmpty()) {
        statement.execute(setUp);
      }
      return rows(statement, query);
    }
  }

  static List<String> rows(Statement statement, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(query)) {
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }
}
