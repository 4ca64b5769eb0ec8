package io.penstock.sandbox.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.sandbox.testing.RedshiftSession;
import io.penstock.sandbox.testing.RunningSandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names of up to 127 bytes, through every way in and out. */
@Timeout(120)
class LongNamesIT {
  private static final String SCHEMA = "s_" + "c".repeat(125);
  private static final String TABLE = "\u00fc".repeat(63) + "1";
  private static final String OTHER_TABLE = "\u00fc".repeat(63) + "2";
  private static final String COLUMN = "first \"name\" " + "x".repeat(113);
  private static final String ID = "i_" + "d".repeat(125);

  @TempDir private static Path directory;

  @Test
  void are_as_good_as_short_ones() throws Exception {
    assertThat(TABLE.getBytes(StandardCharsets.UTF_8)).hasSize(127);
    String table = quote(SCHEMA) + "." + quote(TABLE);
    try (RunningSandbox sandbox = RunningSandbox.start(directory);
        RedshiftSession redshift = new RedshiftSession(sandbox.connect())) {
      redshift.execute(
          "CREATE SCHEMA " + SCHEMA.toUpperCase(java.util.Locale.ROOT),
          "CREATE TABLE " + table + " (" + ID + " INT NOT NULL, " + quote(COLUMN) + " VARCHAR(9))",
          "CREATE TABLE " + SCHEMA + "." + OTHER_TABLE + " (a INT) SORTKEY (a)",
          "INSERT INTO " + table + " VALUES (1, 'one')");
      assertThat(redshift.columns("SELECT * FROM " + table)).containsExactly(ID, COLUMN);
      assertThat(redshift.columns("SELECT 1 AS " + "a".repeat(127)))
          .containsExactly("a".repeat(127));
      assertInCatalog(redshift);
      assertInMetadata(redshift.connection().getMetaData());
      assertThat(redshift.refusal("INSERT INTO " + table + " VALUES (NULL, 'x')"))
          .contains("Cannot insert a NULL value into column " + ID);
      assertThat(redshift.refusal("SELECT no FROM " + table)).contains("column \"no\"");
      assertThat(redshift.refusal("CREATE TABLE " + table + " (a INT)"))
          .contains("relation \"" + TABLE + "\" already exists");
      assertLoadsAndUnloads(sandbox, redshift, table);
    }
    try (RunningSandbox sandbox = RunningSandbox.start(directory);
        RedshiftSession redshift = new RedshiftSession(sandbox.connect())) {
      assertInCatalog(redshift);
      redshift.execute("DROP TABLE " + table, "DROP SCHEMA " + SCHEMA + " CASCADE");
      assertThat(redshift.refusal("SELECT * FROM " + table)).contains(TABLE + "\" does not exist");
    }
  }

  private static void assertInCatalog(RedshiftSession redshift) throws Exception {
    assertThat(
            redshift.rows(
                "SELECT table_schema, table_name, column_name FROM information_schema.columns"
                    + " WHERE table_name = '"
                    + TABLE
                    + "' ORDER BY ordinal_position"))
        .containsExactly(SCHEMA + "|" + TABLE + "|" + ID, SCHEMA + "|" + TABLE + "|" + COLUMN);
    assertThat(
            redshift.rows(
                "SELECT table_name FROM svv_tables WHERE table_schema = '"
                    + SCHEMA
                    + "' ORDER BY table_name"))
        .containsExactlyInAnyOrder(TABLE, OTHER_TABLE);
    assertThat(
            redshift.rows(
                "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                    + " ON n.oid = c.relnamespace WHERE n.nspname = '"
                    + SCHEMA
                    + "' AND c.relname = '"
                    + OTHER_TABLE
                    + "'"))
        .containsExactly(OTHER_TABLE);
  }

  private static void assertInMetadata(DatabaseMetaData metadata) throws Exception {
    assertThat(names(metadata.getTables(null, SCHEMA, TABLE, null), "TABLE_NAME"))
        .containsExactly(TABLE);
    assertThat(names(metadata.getColumns(null, SCHEMA, TABLE, null), "COLUMN_NAME"))
        .containsExactly(ID, COLUMN);
    assertThat(names(metadata.getSchemas(), "TABLE_SCHEM")).contains(SCHEMA);
  }

  private static void assertLoadsAndUnloads(
      RunningSandbox sandbox, RedshiftSession redshift, String table) throws Exception {
    Path bucket = directory.resolve("s3/penstock");
    String keys =
        " CREDENTIALS 'aws_access_key_id="
            + sandbox.ready().at("/s3/accessKey").asText()
            + ";aws_secret_access_key="
            + sandbox.ready().at("/s3/secretKey").asText()
            + "' ";
    Files.writeString(bucket.resolve("in.csv"), "two,2\nthree,x\n");
    redshift.execute(
        "COPY "
            + table
            + " ("
            + quote(COLUMN)
            + ", "
            + ID
            + ") FROM 's3://penstock/in.csv'"
            + keys
            + "CSV MAXERROR 2");
    assertThat(redshift.rows("SELECT trim(colname) FROM stl_load_errors")).containsExactly(ID);
    Files.writeString(
        bucket.resolve("in.json"),
        "{\"" + ID + "\": 3, \"" + COLUMN.replace("\"", "\\\"") + "\": \"three\"}");
    redshift.execute("COPY " + table + " FROM 's3://penstock/in.json'" + keys + "JSON 'auto'");
    assertThat(redshift.rows("SELECT * FROM " + table + " ORDER BY 1"))
        .containsExactly("1|one", "2|two", "3|three");
    redshift.execute(
        "UNLOAD ('SELECT * FROM "
            + table
            + " WHERE "
            + ID
            + " = 1') TO 's3://penstock/out_'"
            + keys
            + "CSV HEADER PARALLEL OFF");
    assertThat(Files.readString(bucket.resolve("out_000")))
        .isEqualTo(ID + ",\"" + COLUMN.replace("\"", "\"\"") + "\"\n1,one\n");
  }

  private static List<String> names(ResultSet result, String column) throws Exception {
    List<String> names = new ArrayList<>();
    try (result) {
      while (result.next()) {
        names.add(result.getString(column));
      }
    }
    return names;
  }

  private static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
