package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/s3.md run, and their readers read what the page says. */
class RecipesIT {
  private static final Path RECIPES = Path.of("..", "conf", "jobs").toAbsolutePath().normalize();

  @TempDir Path directory;

  private static Path recipe(String name) {
    return RECIPES.resolve(name + ".conf");
  }

  private String state() {
    return "state=" + directory.resolve("state");
  }

  private static List<String> query(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int at = 1; at <= result.getMetaData().getColumnCount(); at++) {
              row.add(String.valueOf(result.getString(at)));
            }
            rows.add(String.join("|", row));
          }
        }
      }
    }
    return rows;
  }

  @Test
  void copyLoadsTheCsvThroughItsManifest() throws Exception {
    SandboxProcess sandbox = SandboxProcess.shared();
    SandboxProcess.S3 s3 = sandbox.s3();
    SandboxProcess.Redshift server = sandbox.redshift();
    String credentials =
        "{ type = keys, access-key = \"%s\", secret-key = \"%s\" }"
            .formatted(s3.accessKey(), s3.secretKey());
    Runs.succeed(
        List.of(recipe("redshift-csv")),
        "-D",
        state(),
        "-D",
        "definitions.s3={ bucket = \"%s\", region = \"%s\", endpoint = \"%s\", path-style = true, credentials %s }"
            .formatted(sandbox.bucket(), s3.region(), s3.endpoint(), credentials),
        "-D",
        "destinations.files.prefix=recipes");
    Properties properties = new Properties();
    properties.setProperty("user", server.user());
    properties.setProperty("password", server.password());
    properties.setProperty("ssl", "false");
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:redshift://127.0.0.1:" + server.port() + "/" + server.database(), properties)) {
      query(
          connection,
          "CREATE TABLE people (id bigint, email varchar(320), full_name varchar(200),"
              + " country char(2), joined date, score decimal(6,2))");
      query(
          connection,
          "COPY people (id, email, full_name, country, joined, score) FROM 's3://"
              + sandbox.bucket()
              + "/recipes/people-redshift-csv.manifest' ACCESS_KEY_ID '"
              + s3.accessKey()
              + "' SECRET_ACCESS_KEY '"
              + s3.secretKey()
              + "' FORMAT AS CSV NULL AS '@NULL@' IGNOREHEADER 1 GZIP MANIFEST DATEFORMAT 'auto'"
              + " TIMEFORMAT 'auto' REGION '"
              + s3.region()
              + "'");
      assertThat(query(connection, "SELECT * FROM people ORDER BY id"))
          .containsExactly(
              "1|ada@example.com|Lovelace, Ada|GB|2024-02-29|12.50",
              "2|grace@example.com|Grace Hopper|US|2025-11-02|null",
              "3|null|Alan \"Prof\" Turing|GB|1999-12-31|7.25",
              "4|zo\u00eb@example.com|Zo\u00eb \uD83D\uDE00 M\u00fcller|DE|2026-03-29|0.00");
    }
  }

  @Test
  void duckDbReadsTheFoldersOfCountries() throws Exception {
    Path out = directory.resolve("by-country");
    Runs.succeed(
        List.of(recipe("by-country")), "-D", state(), "-D", "destinations.files.directory=" + out);

    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      assertThat(
              query(
                  duckDb,
                  "SELECT country, count(*) FROM read_parquet('"
                      + out
                      + "/*/*.parquet', hive_partitioning = true) GROUP BY 1 ORDER BY 1"))
          .containsExactly("DE|1", "GB|2", "US|1");
    }
    assertThat(out.resolve(".DONE")).isEmptyFile();
  }

  @Test
  void pipeSeparatedTextNeedsNoQuotes() throws Exception {
    Path out = directory.resolve("psv");
    Runs.succeed(
        List.of(recipe("psv")),
        "-D",
        state(),
        "-D",
        "destinations.files.directory=" + out,
        "--run-id",
        "r1");

    assertThat(Files.readString(out.resolve("people_r1_0000001.psv")))
        .isEqualTo(
            """
            id|email|full_name|country|joined|score
            1|ada@example.com|Lovelace, Ada|GB|29.02.2024|12.50
            2|grace@example.com|Grace Hopper|US|02.11.2025|NULL
            3|NULL|Alan "Prof" Turing|GB|31.12.1999|7.25
            4|zo\u00eb@example.com|Zo\u00eb \uD83D\uDE00 M\u00fcller|DE|29.03.2026|0.00
            """
                .replace("\n", "\r\n"));
    assertThat(out.resolve("people.done")).isEmptyFile();
  }
}
