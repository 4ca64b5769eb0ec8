package io.penstock.sandbox.redshift.copy;

import static io.penstock.sandbox.testing.CopyServers.AUTHORIZATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.testing.CopyServers;
import io.penstock.sandbox.testing.JdbcBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyParquetIT {
  private static CopyServers servers;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    servers = CopyServers.start();
  }

  @AfterAll
  static void stop() throws Exception {
    servers.close();
  }

  @Test
  void everyTypeIsLoadedByPosition() throws Exception {
    long size =
        parquet(
            "p/types.parquet",
            """
            SELECT * FROM (VALUES
              (1::SMALLINT, (-2147483648)::INTEGER, 9223372036854775807::BIGINT, 1.50::DECIMAL(10,2),
               'NaN'::FLOAT, '-Infinity'::DOUBLE, true, '\u00e9\u20ac', DATE '2024-02-29',
               TIMESTAMP '2024-02-29 23:59:59.123456', TIMESTAMPTZ '2024-02-29 12:00:00+02',
               {'a': [1, 2], 'b': 'x'}, 'ab'::BLOB),
              (NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL))
            """);
    servers.put(
        "p/manifest",
        """
        {"entries":[{"url":"s3://penstock/p/types.parquet","mandatory":true,
        "meta":{"content_length":%d}}]}"""
            .formatted(size)
            .getBytes(StandardCharsets.UTF_8));
    try (JdbcBackend client = servers.connect()) {
      client.execute(
          "CREATE TEMP TABLE t (a smallint, b integer, c bigint, d numeric(10,2), e real,"
              + " f double precision, g boolean, h varchar(5), i date, j timestamp,"
              + " k timestamptz, l jsonb, m bytea)");
      client.execute("SET timezone = 'UTC'");
      copy(
          client,
          "COPY t FROM 's3://penstock/p/manifest' FORMAT AS PARQUET SERIALIZETOJSON manifest");
      List<List<@Nullable String>> rows = client.query("SELECT * FROM t ORDER BY a");
      assertThat(rows)
          .containsExactly(
              Arrays.asList(
                  "1",
                  "-2147483648",
                  "9223372036854775807",
                  "1.50",
                  "NaN",
                  "-Infinity",
                  "t",
                  "\u00e9\u20ac",
                  "2024-02-29",
                  "2024-02-29 23:59:59.123456",
                  "2024-02-29 10:00:00+00",
                  "{\"a\": [1, 2], \"b\": \"x\"}",
                  "\\x6162"),
              Arrays.asList(
                  null, null, null, null, null, null, null, "", null, null, null, null, null));
    }
  }

  @Test
  void anotherNumberOfColumnsIsRefused() throws Exception {
    parquet("q/two.parquet", "SELECT 1 AS a, 'x' AS b");
    try (JdbcBackend client = servers.connect()) {
      client.execute("CREATE TEMP TABLE t (a integer, b varchar(1), c integer)");
      assertThatThrownBy(() -> copy(client, "COPY t FROM 's3://penstock/q/' PARQUET"))
          .isInstanceOf(SqlError.class)
          .hasMessageContaining(
              "Unmatched number of columns between table and file. Table columns: 3, Data columns:"
                  + " 2");
      copy(client, "COPY t FROM 's3://penstock/q/' PARQUET FILLRECORD");
      assertThat(client.query("SELECT * FROM t")).containsExactly(Arrays.asList("1", "x", null));
    }
  }

  @Test
  void anotherTypeIsRefused() throws Exception {
    parquet("r/long.parquet", "SELECT 1::BIGINT AS a");
    try (JdbcBackend client = servers.connect()) {
      client.execute("CREATE TEMP TABLE t (a integer)");
      assertThatThrownBy(() -> copy(client, "COPY t FROM 's3://penstock/r/' PARQUET"))
          .isInstanceOf(SqlError.class)
          .hasMessageContaining("incompatible Parquet schema for column 'a'. Column type: INT");
    }
  }

  @Test
  void aManifestWithoutContentLengthIsRefused() throws Exception {
    parquet("s/a.parquet", "SELECT 1 AS a");
    servers.put(
        "s/manifest",
        "{\"entries\":[{\"url\":\"s3://penstock/s/a.parquet\",\"mandatory\":true}]}"
            .getBytes(StandardCharsets.UTF_8));
    try (JdbcBackend client = servers.connect()) {
      client.execute("CREATE TEMP TABLE t (a integer)");
      assertThatThrownBy(
              () -> copy(client, "COPY t FROM 's3://penstock/s/manifest' PARQUET MANIFEST"))
          .isInstanceOf(SqlError.class)
          .hasMessageContaining("content_length");
    }
  }

  private static void copy(JdbcBackend client, String sql) throws Exception {
    assertThat(servers.copyUnload().execute(sql + AUTHORIZATION, client)).isEqualTo("COPY");
  }

  private long parquet(String key, String query) throws Exception {
    Path file = directory.resolve("file.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
    }
    servers.put(key, file);
    return Files.size(file);
  }
}
