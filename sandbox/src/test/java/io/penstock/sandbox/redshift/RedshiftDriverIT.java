package io.penstock.sandbox.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.testing.RunningSandbox;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in through the Amazon Redshift JDBC driver. */
@Timeout(120)
class RedshiftDriverIT {
  @TempDir private static Path directory;
  private static RunningSandbox sandbox;

  private Connection connection;
  private Statement statement;

  @BeforeAll
  static void start() throws Exception {
    sandbox = RunningSandbox.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    sandbox.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = sandbox.connect();
    statement = connection.createStatement();
    statement.execute("DROP TABLE IF EXISTS t");
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  @Test
  void looks_like_redshift() throws Exception {
    assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("Redshift");
    assertThat(connection.getMetaData().getDatabaseProductVersion()).isEqualTo("8.0.2");
    assertThat(value("SELECT version()"))
        .startsWith("PostgreSQL 8.0.2 on ")
        .contains("Redshift 1.0.");
  }

  @Test
  void refuses_a_wrong_password() {
    assertThatThrownBy(() -> sandbox.connect("awsuser", "Wrong1234"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void every_type_reads_back_equal_as_text_and_as_parameter() throws Exception {
    statement.execute(
        "CREATE TABLE t (si SMALLINT, i INTEGER, bi BIGINT, d DECIMAL(38,10), r REAL,"
            + " dp DOUBLE PRECISION, b BOOLEAN, c CHAR(4), v VARCHAR(MAX), dt DATE, ts TIMESTAMP,"
            + " tz TIMESTAMPTZ, s SUPER, vb VARBYTE)");
    insertRow(false);
    insertRow(true);
    // from its fifth use on the driver asks for prepared statements with binary results
    for (int use = 0; use < 7; use++) {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT * FROM t WHERE si IS NOT NULL OR ?")) {
        select.setBoolean(1, true);
        assertRows(select);
      }
    }
  }

  private void insertRow(boolean nulls) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?,?,json_parse(?),?)")) {
      Object[] values = {
        Short.MIN_VALUE,
        Integer.MAX_VALUE,
        Long.MIN_VALUE,
        new BigDecimal("-1234567890123456789012345678.0123456789"),
        1.5f,
        Double.MAX_VALUE,
        true,
        "ab",
        "O'Neil \\ \"ü\" \n\t$1 ?",
        Date.valueOf("2024-02-29"),
        Timestamp.valueOf("1969-12-31 23:59:59.999999"),
        OffsetDateTime.parse("2024-02-29T01:02:03Z"),
        "{\"a\":[1,null]}",
        new byte[] {0, 1, (byte) 0xff}
      };
      int[] types = {
        java.sql.Types.SMALLINT,
        java.sql.Types.INTEGER,
        java.sql.Types.BIGINT,
        java.sql.Types.NUMERIC,
        java.sql.Types.REAL,
        java.sql.Types.DOUBLE,
        java.sql.Types.BOOLEAN,
        java.sql.Types.CHAR,
        java.sql.Types.VARCHAR,
        java.sql.Types.DATE,
        java.sql.Types.TIMESTAMP,
        java.sql.Types.TIMESTAMP_WITH_TIMEZONE,
        java.sql.Types.VARCHAR,
        java.sql.Types.BINARY
      };
      for (int i = 0; i < values.length; i++) {
        if (nulls) {
          insert.setNull(i + 1, types[i]);
        } else if (values[i] instanceof byte[] bytes) {
          insert.setBytes(i + 1, bytes);
        } else {
          insert.setObject(i + 1, values[i]);
        }
      }
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }

  private static void assertRows(PreparedStatement select) throws SQLException {
    try (ResultSet rows = select.executeQuery()) {
      List<String> types = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        types.add(rows.getMetaData().getColumnTypeName(i));
      }
      assertThat(types)
          .containsExactly(
              "int2",
              "int4",
              "int8",
              "numeric",
              "float4",
              "float8",
              "bool",
              "bpchar",
              "varchar",
              "date",
              "timestamp",
              "timestamptz",
              "super",
              "varbyte");
      assertThat(rows.next()).isTrue();
      assertThat(rows.getShort(1)).isEqualTo(Short.MIN_VALUE);
      assertThat(rows.getInt(2)).isEqualTo(Integer.MAX_VALUE);
      assertThat(rows.getLong(3)).isEqualTo(Long.MIN_VALUE);
      assertThat(rows.getBigDecimal(4))
          .isEqualTo(new BigDecimal("-1234567890123456789012345678.0123456789"));
      assertThat(rows.getFloat(5)).isEqualTo(1.5f);
      assertThat(rows.getDouble(6)).isEqualTo(Double.MAX_VALUE);
      assertThat(rows.getBoolean(7)).isTrue();
      assertThat(rows.getString(8)).isEqualTo("ab  ");
      assertThat(rows.getString(9)).isEqualTo("O'Neil \\ \"ü\" \n\t$1 ?");
      assertThat(rows.getDate(10)).isEqualTo(Date.valueOf("2024-02-29"));
      assertThat(rows.getTimestamp(11)).isEqualTo(Timestamp.valueOf("1969-12-31 23:59:59.999999"));
      assertThat(rows.getTimestamp(12).toInstant())
          .isEqualTo(OffsetDateTime.parse("2024-02-29T01:02:03Z").toInstant());
      assertThat(rows.getString(13)).isEqualTo("{\"a\": [1, null]}");
      assertThat(rows.getBytes(14)).containsExactly(0, 1, 0xff);
      assertThat(rows.getString(14)).isEqualTo("0001ff");
      assertThat(rows.next()).isTrue();
      for (int i = 1; i <= 14; i++) {
        assertThat(rows.getObject(i)).isNull();
      }
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void a_batch_is_one_transaction() throws Exception {
    statement.execute("CREATE TABLE t (id INT, name VARCHAR(3))");
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      for (int i = 0; i < 1000; i++) {
        insert.setInt(1, i);
        insert.setString(2, "abc");
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(1000).containsOnly(1);
    }
    connection.rollback();
    assertThat(value("SELECT count(*) FROM t")).isEqualTo("0");
  }

  @Test
  void text_is_limited_in_bytes() throws Exception {
    statement.execute("CREATE TABLE t (v VARCHAR(4), c CHAR(3), w VARCHAR)");
    statement.execute("INSERT INTO t VALUES ('äö', 'abc', 'x')");
    assertError(
        "INSERT INTO t (v) VALUES ('äöx')",
        "22001",
        "value too long for type character varying(4)");
    assertError("UPDATE t SET c = 'äö'", "22001", "value too long for type character(3)");
    assertError(
        "INSERT INTO t (w) VALUES ('" + "x".repeat(257) + "')",
        "22001",
        "value too long for type character varying(256)");
    statement.execute("ALTER TABLE t ALTER COLUMN v TYPE VARCHAR(5)");
    statement.execute("INSERT INTO t (v) VALUES ('äöx')");
    statement.execute("CREATE TEMP TABLE copied AS SELECT * FROM t");
    assertError(
        "INSERT INTO copied (v) VALUES ('äöxy')",
        "22001",
        "value too long for type character varying(5)");
  }

  @Test
  void keys_are_information_and_not_enforced() throws Exception {
    statement.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT UNIQUE, b INT REFERENCES o (id))");
    statement.execute("INSERT INTO t VALUES (1, 1, 9), (1, 1, 9)");
    try (Connection other = sandbox.connect();
        Statement insert = other.createStatement()) {
      insert.execute("INSERT INTO t VALUES (1, 1, 9)");
    }
    assertThat(value("SELECT count(*) FROM t WHERE id = 1 AND a = 1")).isEqualTo("3");
    assertError(
        "INSERT INTO t VALUES (NULL, 1, 1)", "23502", "Cannot insert a NULL value into column id");
    assertThat(column(connection.getMetaData().getPrimaryKeys(null, "public", "t"), "COLUMN_NAME"))
        .containsExactly("id");
    statement.execute("DROP TABLE t");
  }

  @Test
  void truncate_commits() throws Exception {
    statement.execute("CREATE TABLE t (id INT)");
    connection.setAutoCommit(false);
    statement.execute("INSERT INTO t VALUES (1)");
    statement.execute("TRUNCATE TABLE t");
    connection.rollback();
    assertThat(value("SELECT count(*) FROM t")).isEqualTo("0");
    statement.execute("INSERT INTO t VALUES (2)");
    connection.commit();
    assertThat(value("SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void names_are_folded_even_when_quoted() throws Exception {
    statement.execute("CREATE TABLE \"T\" (\"Id\" INT, name VARCHAR(10))");
    statement.execute("INSERT INTO t (\"ID\", \"NAME\") VALUES (1, 'x')");
    assertThat(value("SELECT \"SQ\".\"NAME\" FROM (SELECT * FROM \"public\".\"T\") AS \"SQ\""))
        .isEqualTo("x");
    statement.execute("CREATE TABLE Ämter (\"É\" INT, é INT)");
    statement.execute("INSERT INTO \"ÄMTER\" (\"é\", É) VALUES (1, 2)");
    assertThat(value("SELECT 100 * \"É\" + 10 * É + é FROM Ämter")).isEqualTo("221");
    assertError("SELECT * FROM ämter", "42P01", "ämter");
    assertError("SELECT 1 AS " + "n".repeat(128), "42622", "is longer than 127 bytes");
  }

  @Test
  void identity_and_storage_clauses_are_kept() throws Exception {
    statement.execute(
        "CREATE TABLE t (id BIGINT IDENTITY(10,5), a INT ENCODE az64, b INT) DISTKEY(a)"
            + " INTERLEAVED SORTKEY(b, a)");
    statement.execute("INSERT INTO t (a) VALUES (1)");
    statement.execute("INSERT INTO t (a) VALUES (2)");
    assertThat(value("SELECT listagg(id, ',') WITHIN GROUP (ORDER BY id) FROM t"))
        .isEqualTo("10,15");
    assertThat(
            value(
                "SELECT diststyle || sortkey1 || sortkey_num FROM svv_table_info WHERE \"table\" = 't'"))
        .isEqualTo("KEY(a)b2");
    assertThat(
            value(
                "SELECT listagg(\"column\" || encoding || distkey || sortkey, ' ')"
                    + " WITHIN GROUP (ORDER BY \"column\") FROM pg_table_def"
                    + " WHERE tablename = 't' AND \"column\" <> 'id'"))
        .isEqualTo("aaz64true-2 bnonefalse1");
    assertError(
        "CREATE TABLE u (a INT) DISTKEY(x)", "42703", "column \"x\" named in key does not exist");
    statement.execute("ALTER TABLE t ALTER DISTSTYLE EVEN");
    assertThat(value("SELECT diststyle FROM svv_table_info WHERE \"table\" = 't'"))
        .isEqualTo("EVEN");
  }

  @Test
  void an_error_aborts_the_transaction_until_its_end() throws Exception {
    statement.execute("CREATE TABLE t (id INT)");
    connection.setAutoCommit(false);
    statement.execute("INSERT INTO t VALUES (1)");
    assertError("CALL p()", "0A000", "CALL is not supported by the sandbox");
    assertError("SELECT 1", "25P02", "current transaction is aborted");
    connection.rollback();
    assertThat(value("SELECT count(*) FROM t")).isEqualTo("0");
    assertError(
        "COPY t FROM 's3://penstock/none' IAM_ROLE 'arn:aws:iam::123456789012:role/x' CSV",
        "XX000",
        "does not exist");
    assertError("SELECT 1", "25P02", "current transaction is aborted");
    connection.rollback();
    assertThat(Long.parseLong(value("SELECT pg_last_query_id()"))).isPositive();
  }

  @Test
  void a_failed_copy_is_rolled_back_and_its_load_errors_stay() throws Exception {
    statement.execute("CREATE TABLE t (id INT, v VARCHAR(3))");
    Path bucket = directory.resolve("s3/penstock");
    Files.writeString(bucket.resolve("good.csv"), "1,abc\n2,x\n");
    Files.writeString(bucket.resolve("bad.csv"), "3,abc\n4,äbc\n");
    String options = keys() + " CSV";
    connection.setAutoCommit(false);
    statement.execute("COPY \"public\".\"T\" FROM 's3://penstock/good.csv'" + options);
    connection.commit();
    assertThatThrownBy(() -> statement.execute("COPY t FROM 's3://penstock/bad.csv'" + options))
        .hasMessageContaining("stl_load_errors");
    connection.rollback();
    assertThat(value("SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(value("SELECT pg_last_copy_count()")).isEqualTo("2");
    assertThat(
            value(
                "SELECT trim(colname) || line_number FROM stl_load_errors"
                    + " WHERE query = pg_last_query_id()"))
        .isEqualTo("v2");
    assertThat(
            value(
                "SELECT trim(error_message) FROM sys_load_error_detail"
                    + " WHERE query_id = pg_last_query_id()"))
        .isEqualTo("String length exceeds DDL length");
    connection.rollback();
  }

  @Test
  void skipped_rows_are_in_the_system_tables_before_the_transaction_ends() throws Exception {
    statement.execute("CREATE TABLE t (id INT, v VARCHAR(3))");
    statement.execute("CREATE USER other PASSWORD 'Other1234'");
    Files.writeString(directory.resolve("s3/penstock/some.csv"), "1,a\nx,b\n3,abcd\n4,d\n");
    connection.setAutoCommit(false);
    assertThat(value("SELECT count(*) FROM stl_load_errors WHERE tbl = 't'::regclass::int"))
        .isEqualTo("0");
    statement.execute("COPY t FROM 's3://penstock/some.csv'" + keys() + " CSV MAXERROR 3");
    assertThat(value("SELECT pg_last_copy_count()")).isEqualTo("2");
    String errors =
        "SELECT listagg(trim(colname) || ' ' || line_number || ' ' || err_code || ' '"
            + " || trim(raw_field_value), ';') WITHIN GROUP (ORDER BY line_number)"
            + " FROM stl_load_errors WHERE query = pg_last_copy_id()";
    assertThat(value(errors)).isEqualTo("id 2 1207 x;v 3 1204 abcd");
    assertThat(
            value(
                "SELECT count(*) FROM stl_loaderror_detail d JOIN stl_load_errors e"
                    + " ON d.query = e.query AND d.line_number = e.line_number"
                    + " WHERE e.query = pg_last_copy_id()"))
        .isEqualTo("3");
    assertThat(
            value(
                "SELECT len(column_name) || trim(column_type) || trim(column_length)"
                    + " FROM sys_load_error_detail"
                    + " WHERE query_id = pg_last_copy_id() AND error_code = 1204"))
        .isEqualTo("1varchar3");
    connection.rollback();
    assertThat(value(errors)).isEqualTo("id 2 1207 x;v 3 1204 abcd");
    assertThat(value("SELECT count(*) FROM t")).isEqualTo("0");
    connection.rollback();
    try (Connection other = sandbox.connect("other", "Other1234");
        Statement reading = other.createStatement();
        ResultSet rows = reading.executeQuery("SELECT * FROM stl_load_errors")) {
      assertThat(rows.next()).isFalse();
    }
    statement.execute("DROP USER other");
    connection.commit();
    assertError(
        "COPY t FROM 's3://penstock/some.csv'" + keys() + " PARQUET MAXERROR 3",
        "0A000",
        "MAXERROR argument is not supported for PARQUET based COPY");
    connection.rollback();
  }

  @Test
  void cancel_ends_a_running_query() throws Exception {
    ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    try {
      later.schedule(
          () -> {
            statement.cancel();
            return null;
          },
          500,
          TimeUnit.MILLISECONDS);
      assertError("SELECT pg_sleep(60)", "57014", "cancel");
      assertThat(value("SELECT 1")).isEqualTo("1");
    } finally {
      later.shutdownNow();
    }
  }

  @Test
  void large_results_are_passed_on_row_by_row() throws Exception {
    connection.setAutoCommit(false);
    statement.setFetchSize(1000);
    try (ResultSet rows =
        statement.executeQuery("SELECT repeat('x', 2000) FROM generate_series(1, 200000)")) {
      long count = 0;
      while (rows.next()) {
        count++;
      }
      // 400 MB through a process of 300 MB
      assertThat(count).isEqualTo(200000);
    }
  }

  @Test
  void metadata_calls_answer() throws Exception {
    statement.execute(
        "CREATE TABLE t (id BIGINT NOT NULL, v VARCHAR(320), d DECIMAL(18,4), s SUPER, vb VARBYTE)");
    statement.execute("COMMENT ON TABLE t IS 'people'");
    DatabaseMetaData metadata = connection.getMetaData();
    assertThat(column(metadata.getSchemas(), "TABLE_SCHEM")).contains("public", "pg_catalog");
    assertThat(
            column(metadata.getTables(null, "public", "%", new String[] {"TABLE"}), "TABLE_NAME"))
        .contains("t");
    assertThat(column(metadata.getTables(null, null, "t", new String[] {"TABLE"}), "REMARKS"))
        .containsExactly("people");
    for (String schema : new String[] {"public", null}) {
      assertThat(column(metadata.getColumns(null, schema, "t", null), "COLUMN_NAME"))
          .containsExactly("id", "v", "d", "s", "vb");
      assertThat(column(metadata.getColumns(null, schema, "t", null), "TYPE_NAME"))
          .containsExactly("int8", "varchar", "numeric", "super", "varbyte");
      assertThat(column(metadata.getColumns(null, schema, "t", null), "COLUMN_SIZE"))
          .startsWith("19", "320", "18");
      assertThat(column(metadata.getColumns(null, schema, "t", null), "IS_NULLABLE"))
          .containsExactly("NO", "YES", "YES", "YES", "YES");
    }
    assertThat(column(metadata.getCatalogs(), "TABLE_CAT")).containsExactly("dev");
  }

  @Test
  void a_user_has_what_was_granted() throws Exception {
    statement.execute("CREATE TABLE t (id INT)");
    statement.execute("CREATE USER reader PASSWORD 'Reader1234'");
    statement.execute("CREATE GROUP readers WITH USER reader");
    statement.execute("GRANT SELECT ON t TO GROUP readers");
    try (Connection other = sandbox.connect("reader", "Reader1234");
        Statement reading = other.createStatement()) {
      reading.executeQuery("SELECT * FROM t").close();
      reading.executeQuery("SELECT * FROM stl_load_errors").close();
      reading.execute("CREATE TABLE own (v VARCHAR(2) PRIMARY KEY) DISTKEY(v)");
      assertThatThrownBy(() -> reading.execute("INSERT INTO t VALUES (1)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      reading.execute("DROP TABLE own");
    }
    statement.execute("REVOKE SELECT ON t FROM GROUP readers");
    statement.execute("DROP GROUP readers");
    statement.execute("DROP USER reader");
  }

  @Test
  void session_settings_of_redshift_are_kept() throws Exception {
    statement.execute("set query_group to '{\"a\":\"b\"}'");
    assertThat(value("show query_group")).isEqualTo("{\"a\":\"b\"}");
    statement.execute("reset query_group");
    assertThat(value("show query_group")).isEmpty();
  }

  private static String keys() {
    return " CREDENTIALS 'aws_access_key_id="
        + sandbox.ready().at("/s3/accessKey").asText()
        + ";aws_secret_access_key="
        + sandbox.ready().at("/s3/secretKey").asText()
        + "'";
  }

  private String value(String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  private static List<String> column(ResultSet result, String name) throws SQLException {
    List<String> values = new ArrayList<>();
    try (result) {
      while (result.next()) {
        values.add(result.getString(name));
      }
    }
    return values;
  }

  private void assertError(String sql, String state, String message) {
    assertThatThrownBy(() -> statement.execute(sql))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getMessage()).contains(message);
              assertThat(e.getSQLState()).isEqualTo(state);
            });
  }
}
