package io.penstock.sandbox.redshift.copy;

import static io.penstock.sandbox.testing.CopyServers.AUTHORIZATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.testing.CopyServers;
import io.penstock.sandbox.testing.JdbcBackend;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnloadIT {
  private static final String TYPES =
      "CREATE TEMP TABLE types (a smallint, b integer, c bigint, d numeric(10,2), e real,"
          + " f double precision, g boolean, h varchar(20), i char(3), j date, k timestamp,"
          + " l timestamptz, m jsonb, n bytea);"
          + "INSERT INTO types VALUES (1, -2147483648, 9223372036854775807, 12345678.90, 'NaN',"
          + " '-Infinity', true, E'a|\"b\\n\\u20ac', 'xy', '2024-02-29',"
          + " '2024-02-29 23:59:59.123456', '2024-02-29 12:00:00+02', '{\"a\": [1]}', '\\x00ff'),"
          + " (2, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL)";
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
  void parquetKeepsTypesAndIsReadByDuckDb() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      client.execute("SET timezone = 'UTC'");
      client.execute(TYPES);
      unload(
          client,
          "select a, b, c, d, e, f, g, h, i, j, k, l, m from types order by a",
          "parquet/",
          "PARQUET MANIFEST VERBOSE");
    }
    assertThat(servers.keys("parquet/"))
        .containsExactly(
            "parquet/0000_part_00.parquet", "parquet/0001_part_00.parquet", "parquet/manifest");
    String files = download("parquet/0000_part_00.parquet", "parquet/0001_part_00.parquet");
    assertThat(
            duckdb(
                "SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM read_parquet("
                    + files
                    + "))"))
        .containsExactly(
            "a SMALLINT",
            "b INTEGER",
            "c BIGINT",
            "d DECIMAL(10,2)",
            "e FLOAT",
            "f DOUBLE",
            "g BOOLEAN",
            "h VARCHAR",
            "i VARCHAR",
            "j DATE",
            "k TIMESTAMP",
            "l TIMESTAMP WITH TIME ZONE",
            "m JSON");
    assertThat(
            duckdb(
                "SELECT concat_ws(',', b, c, d, e, f, g, h, i, j, k, epoch_ms(l), m) FROM"
                    + " read_parquet("
                    + files
                    + ") ORDER BY a"))
        .containsExactly(
            "-2147483648,9223372036854775807,12345678.90,nan,-inf,true,a|\"b\n\u20ac,xy ,"
                + "2024-02-29,2024-02-29 23:59:59.123456,1709200800000,{\"a\": [1]}",
            "");
    JsonNode manifest = new ObjectMapper().readTree(servers.read("parquet/manifest"));
    assertThat(manifest.at("/entries/0/url").asText())
        .isEqualTo("s3://penstock/parquet/0000_part_00.parquet");
    assertThat(manifest.at("/entries/0/meta/content_length").asLong())
        .isEqualTo(servers.read("parquet/0000_part_00.parquet").length);
    assertThat(manifest.at("/schema/elements/3/type/precision").asInt()).isEqualTo(10);
    assertThat(manifest.at("/schema/elements/7/type/max_length").asInt()).isEqualTo(20);
    assertThat(manifest.at("/meta/record_count").asInt()).isEqualTo(2);
    assertThat(manifest.at("/author/name").asText()).isEqualTo("Amazon Redshift");
  }

  @Test
  void escapedTextIsLoadedAgain() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      client.execute("CREATE TEMP TABLE t (id integer, name varchar(20), d date)");
      client.execute(
          "INSERT INTO t VALUES (1, E'a|b\\\\c\\nd', '2024-02-29'), (2, NULL, NULL), (3, '', NULL)");
      unload(client, "select * from t order by id", "text/", "ESCAPE MANIFEST NULL AS '@NULL@'");
      assertThat(text("text/0000_part_00"))
          .isEqualTo("1|a\\|b\\\\c\\\nd|2024-02-29\n2|@NULL@|@NULL@\n");
      client.execute("CREATE TEMP TABLE u (LIKE t)");
      servers
          .copyUnload()
          .execute(
              "COPY u FROM 's3://penstock/text/manifest' MANIFEST ESCAPE NULL AS '@NULL@'"
                  + AUTHORIZATION,
              client);
      assertThat(client.query("SELECT * FROM u EXCEPT ALL SELECT * FROM t")).isEmpty();
      assertThat(client.query("SELECT count(*) FROM u")).containsExactly(List.of("3"));
    }
  }

  @Test
  void csvWithHeaderComesInOneFileWithoutParallel() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      unload(
          client,
          "select 1 as id, 'a,\"b\"' as name, null as x, '' as y, true as ok",
          "csv/p_",
          "FORMAT AS CSV HEADER PARALLEL OFF GZIP");
      assertThat(servers.keys("csv/")).containsExactly("csv/p_000.gz");
      byte[] plain =
          new GZIPInputStream(new ByteArrayInputStream(servers.read("csv/p_000.gz")))
              .readAllBytes();
      assertThat(plain)
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("id,name,x,y,ok\n1,\"a,\"\"b\"\"\",,\"\",t\n");
      assertThat(client.query("SELECT current_setting('penstock.last_unload_count')"))
          .containsExactly(List.of("1"));
    }
  }

  @Test
  void jsonIsReadByDuckDb() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      client.execute(TYPES);
      unload(
          client, "select b, d, g, h, j, m, e from types order by a", "json/", "JSON PARALLEL OFF");
    }
    assertThat(text("json/000"))
        .isEqualTo(
            "{\"b\":-2147483648,\"d\":12345678.90,\"g\":\"t\",\"h\":\"a|\\\"b\\n\u20ac\","
                + "\"j\":\"2024-02-29\",\"m\":{\"a\": [1]},\"e\":\"NaN\"}\n"
                + "{\"b\":null,\"d\":null,\"g\":null,\"h\":\"\",\"j\":null,\"m\":null,\"e\":null}\n");
    assertThat(duckdb("SELECT h FROM read_json(" + download("json/000") + ") WHERE b IS NOT NULL"))
        .containsExactly("a|\"b\n\u20ac");
  }

  @Test
  void existingFilesAreKeptUnlessOverwritingIsAllowed() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      unload(client, "select 1 as a", "keep/", "PARALLEL OFF");
      assertThatThrownBy(() -> unload(client, "select 2 as a", "keep/", "PARALLEL OFF"))
          .isInstanceOf(SqlError.class)
          .hasMessageStartingWith("Specified unload destination on S3 is not empty.");
      unload(client, "select 3 as a", "keep/", "PARALLEL OFF ALLOWOVERWRITE");
      assertThat(text("keep/000")).isEqualTo("3\n");
      servers.put("keep/other", new byte[] {1});
      unload(client, "select 4 as a", "keep/", "PARALLEL OFF CLEANPATH");
      assertThat(servers.keys("keep/")).containsExactly("keep/000");
    }
  }

  @Test
  void aLargeResultIsReadInBatchesWithinTheClientsTransaction() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      client.connection().setAutoCommit(false);
      client.execute("CREATE TEMP TABLE t ON COMMIT DROP AS SELECT generate_series(1, 50001) AS n");
      unload(client, "select n, md5(n::text) as h from t", "large/", "PARQUET");
      assertThat(client.query("SELECT count(*) FROM t")).containsExactly(List.of("50001"));
      client.connection().rollback();
    }
    assertThat(
            duckdb(
                "SELECT concat_ws(',', count(*), sum(n)) FROM read_parquet("
                    + download("large/0000_part_00.parquet", "large/0001_part_00.parquet")
                    + ")"))
        .containsExactly("50001,1250075001");
  }

  @Test
  void aFailedUnloadAbortsTheTransaction() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      client.connection().setAutoCommit(false);
      assertThatThrownBy(() -> unload(client, "select 1 as a limit 1", "x/", ""))
          .isInstanceOf(SqlError.class);
      assertThatThrownBy(() -> client.query("SELECT 1"))
          .isInstanceOf(SqlError.class)
          .extracting("sqlState")
          .isEqualTo("25P02");
    }
  }

  private static void unload(JdbcBackend client, String query, String prefix, String options)
      throws Exception {
    String tag =
        servers
            .copyUnload()
            .execute(
                "UNLOAD ($$"
                    + query
                    + "$$) TO 's3://penstock/"
                    + prefix
                    + "'"
                    + AUTHORIZATION
                    + options,
                client);
    assertThat(tag).isEqualTo("UNLOAD");
  }

  private static String text(String key) {
    return new String(servers.read(key), StandardCharsets.UTF_8);
  }

  /** Copies objects to local files and returns their names as a DuckDB list. */
  private String download(String... keys) throws Exception {
    List<String> names = new ArrayList<>();
    for (String key : keys) {
      Path file = directory.resolve(key.replace('/', '_'));
      Files.write(file, servers.read(key));
      names.add("'" + file + "'");
    }
    return "[" + String.join(", ", names) + "]";
  }

  private static List<String> duckdb(String query) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (result.next()) {
        values.add(result.getString(1));
      }
      return values;
    }
  }

  /** "Unloading a column of the VARBYTE data type". */
  @Test
  void varbyteIsNotUnloadedToParquet() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      client.execute(TYPES);
      assertThatThrownBy(() -> unload(client, "select n from types", "varbyte/", "PARQUET"))
          .isInstanceOf(SqlError.class)
          .hasMessageContaining("VARBYTE");
      assertThat(servers.keys("varbyte/")).isEmpty();
    }
  }

  @Test
  void parquetTellsEveryTextFromNull() throws Exception {
    try (JdbcBackend client = servers.connect()) {
      client.execute("CREATE TEMP TABLE t (id integer, name varchar(40))");
      client.execute(
          "INSERT INTO t VALUES (1, NULL), (2, ''), (3, E'\\\\N'), (4, 'NULL'), (5, E'a\n\"b\",c\r'),"
              + " (6, ' x ')");
      unload(client, "select * from t", "texts/", "PARQUET PARALLEL OFF");
    }
    assertThat(
            duckdb(
                "SELECT coalesce('[' || name || ']', '-') FROM read_parquet("
                    + download("texts/000.parquet")
                    + ") ORDER BY id"))
        .containsExactly("-", "[]", "[\\N]", "[NULL]", "[a\n\"b\",c\r]", "[ x ]");
  }
}
