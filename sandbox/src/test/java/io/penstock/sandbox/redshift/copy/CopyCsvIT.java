package io.penstock.sandbox.redshift.copy;

import static io.penstock.sandbox.testing.CopyServers.AUTHORIZATION;
import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.testing.CopyServers;
import io.penstock.sandbox.testing.JdbcBackend;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CopyCsvIT {
  private static final String FAILED =
      "Load into table 't' failed.  Check 'stl_load_errors' system table for details.";
  private static CopyServers servers;
  private JdbcBackend client;

  @BeforeAll
  static void start() throws Exception {
    servers = CopyServers.start();
  }

  @AfterAll
  static void stop() throws Exception {
    servers.close();
  }

  @BeforeEach
  void connect() throws Exception {
    client = servers.connect();
    client.execute("SET timezone = 'UTC'");
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
  }

  @Test
  void gzipFilesOfAManifestAreLoaded() throws Exception {
    servers.put("m/a.csv.gz", compress(Compression.GZIP, "1,\"x, \"\"y\"\"\nz\",2024-02-29\n"));
    servers.put("m/b.csv.gz", compress(Compression.GZIP, "2,,\r\n3,\u00e9\u20ac\ud83d\ude00,"));
    put(
        "m/manifest",
        """
        {"entries":[{"url":"s3://penstock/m/a.csv.gz","mandatory":true,"meta":{"content_length":1}},
        {"url":"s3://penstock/m/b.csv.gz","mandatory":true},
        {"url":"s3://penstock/m/missing.csv.gz","mandatory":false}]}""");
    table("id integer, name varchar(20), d date");
    copy("COPY t FROM 's3://penstock/m/manifest' FORMAT AS CSV GZIP MANIFEST");
    assertThat(client.query("SELECT * FROM t ORDER BY id"))
        .containsExactly(
            asList("1", "x, \"y\"\nz", "2024-02-29"),
            asList("2", "", null),
            asList("3", "\u00e9\u20ac\ud83d\ude00", null));
    assertThat(client.query("SELECT current_setting('penstock.last_copy_count')"))
        .containsExactly(List.of("3"));
    assertThat(client.notices())
        .containsExactly("Load into table 't' completed, 3 record(s) loaded successfully.");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyCompressionIsRead(Compression compression) throws Exception {
    String key = "compressed/" + compression;
    byte[] half = compress(compression, "1\n2\n");
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.write(half);
    twice.write(half);
    servers.put(key, twice.toByteArray());
    table("id integer");
    String option = compression == Compression.NONE ? "" : compression.name();
    copy("COPY t FROM 's3://penstock/" + key + "' CSV " + option);
    assertThat(client.query("SELECT count(*), sum(id) FROM t")).containsExactly(List.of("4", "6"));
  }

  @Test
  void valuesAtTheEdgesOfEveryType() throws Exception {
    put(
        "types.csv",
        """
        -32768,-2147483648,-9223372036854775808,-99999999.99,NaN,-Infinity,TRUE,"a""b
        c\\d\té",ab,2024-02-29,2024-02-29 23:59:59.999999,2024-02-29 12:00:00+02,"{""a"": [1, null]}",00ff,23:59:59.5
        32767,+2147483647,9223372036854775807,1.239,1e30,1E-300,n,,,0001-01-01,9999-12-31 00:00:00,2024-01-01 00:00:00,\"""\""",,00:00:00
        \\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N
        ,,,,,,,,,,,,,,
        """);
    table(
        "a smallint, b integer, c bigint, d numeric(10,2), e real, f double precision, g boolean,"
            + " h varchar(20), i char(3), j date, k timestamp, l timestamptz, m jsonb, n bytea,"
            + " o time");
    copy("COPY t FROM 's3://penstock/types.csv' CSV");
    assertThat(client.query("SELECT * FROM t"))
        .containsExactly(
            asList(
                "-32768",
                "-2147483648",
                "-9223372036854775808",
                "-99999999.99",
                "NaN",
                "-Infinity",
                "t",
                "a\"b\nc\\d\t\u00e9",
                "ab ",
                "2024-02-29",
                "2024-02-29 23:59:59.999999",
                "2024-02-29 10:00:00+00",
                "{\"a\": [1, null]}",
                "\\x00ff",
                "23:59:59.5"),
            asList(
                "32767",
                "2147483647",
                "9223372036854775807",
                "1.23",
                "1e+30",
                "1e-300",
                "f",
                "",
                "   ",
                "0001-01-01",
                "9999-12-31 00:00:00",
                "2024-01-01 00:00:00+00",
                "\"\"",
                null,
                "00:00:00"),
            asList(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null),
            asList(
                null, null, null, null, null, null, null, "", "   ", null, null, null, null, null,
                null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "integer; 12x; 1207; Invalid digit, Value 'x', Pos 2, Type: Integer",
        "integer; 2147483648; 1222; Overflow, Value '2147483648', Type: Integer",
        "smallint; -32769; 1222; Overflow, Value '-32769', Type: Short",
        "bigint; 9223372036854775808; 1222; Overflow, Value '9223372036854775808', Type: Long",
        "integer; -; 1207; Invalid digit, Value '-', Pos 0, Type: Integer",
        "numeric(4,2); 123.4; 1204; Overflow for NUMERIC(4,2)",
        "numeric(4,2); 1.2.3; 1207; Invalid digit, Value '.', Pos 3, Type: Decimal",
        "double precision; 1e400; 1204; Overflow for FLOAT8",
        "real; 1e39; 1204; Overflow for FLOAT4",
        "real; abc; 1207; Invalid digit, Value 'a', Pos 0, Type: Float",
        "boolean; maybe; 1210; Unknown boolean format",
        "varchar(3); \u00e9\u00e9; 1204; String length exceeds DDL length",
        "char(2); abc; 1204; Char length exceeds DDL length",
        "char(4); \u00e9; 1220; Multibyte character not supported for CHAR (Hint: Try using VARCHAR)."
            + " Invalid char: c3 a9",
        "date; 2023-02-29; 1205; Invalid date format or value [YYYY-MM-DD]",
        "date; 2023-2-9; 1205; Invalid Date Format - length must be 10 or more",
        "timestamp; 2023-02-28T00:00:00Z; 1206; Invalid timestamp format or value"
            + " [YYYY-MM-DD HH24:MI:SS]",
        "jsonb; {a; 1224; Invalid JSON format for SUPER data type",
        "bytea; 0g; 1219; Invalid hexadecimal digit for VARBYTE",
        "integer not null; \\N; 1213; Missing data for not-null field",
        "integer; 1,2; 1202; Extra column(s) found",
        "varchar(9); a\"b; 1216; Invalid quote formatting for CSV",
        "varchar(9); \"ab; 1216; Delimited value missing end quote"
      })
  void aBadFieldIsAttributed(String type, String value, int code, String reason) throws Exception {
    put("bad.csv", value + "\n");
    table("c " + type);
    assertThatThrownBy(() -> copy("COPY t FROM 's3://penstock/bad.csv' CSV"))
        .isInstanceOf(SqlError.class)
        .hasMessage(FAILED);
    assertThat(
            client.query(
                "SELECT err_code, trim(err_reason), line_number, trim(filename)"
                    + " FROM penstock_sandbox.load_errors WHERE session = pg_backend_pid()"
                    + " AND query = current_setting('penstock.last_query_id')::integer"))
        .containsExactly(
            List.of(
                String.valueOf(code),
                reason.length() > 100 ? reason.substring(0, 100) : reason,
                "1",
                "s3://penstock/bad.csv"));
    assertThat(client.query("SELECT count(*) FROM t")).containsExactly(List.of("0"));
  }

  @Test
  void fewerErrorsThanMaxErrorAreSkippedAndRecorded() throws Exception {
    put("some.csv", "id,name\n1,a\nx,b\n\"3\",\"c\nd\"\n4\n5,e\n");
    table("id integer, name varchar(5)");
    copy("COPY t FROM 's3://penstock/some.csv' CSV IGNOREHEADER 1 MAXERROR 3");
    assertThat(client.query("SELECT id FROM t ORDER BY id"))
        .containsExactly(List.of("1"), List.of("3"), List.of("5"));
    assertThat(
            client.query(
                "SELECT line_number, trim(colname), trim(type), trim(raw_line),"
                    + " trim(raw_field_value), err_code, start_offset"
                    + " FROM penstock_sandbox.load_errors"
                    + " WHERE query = current_setting('penstock.last_query_id')::integer"
                    + " ORDER BY line_number"))
        .containsExactly(
            List.of("3", "id", "int4", "x,b", "x", "1207", "12"),
            List.of("6", "", "", "4", "", "1214", "26"));
    assertThat(client.notices())
        .containsExactly(
            "Load into table 't' completed, 2 record(s) could not be loaded.  Check"
                + " 'stl_load_errors' system table for details.",
            "Load into table 't' completed, 3 record(s) loaded successfully.");
    assertThatThrownBy(
            () -> copy("COPY t FROM 's3://penstock/some.csv' CSV IGNOREHEADER 1 MAXERROR 2"))
        .hasMessage(FAILED);
    assertThat(client.query("SELECT count(*) FROM t")).containsExactly(List.of("3"));
  }

  @Test
  void aBadRowIsKeptWithItsFieldsUpToTheBadOne() throws Exception {
    put("fields.csv", "1,\u00e9t\u00e9,,2024-02-30,x\n2\n");
    table("id integer, name varchar(5), n numeric(5,2), d date, last varchar(3)");
    copy("COPY t FROM 's3://penstock/fields.csv' CSV MAXERROR 3");
    assertThat(
            client.query(
                "SELECT field, trim(colname), trim(value), is_null, trim(type), trim(col_length),"
                    + " line_number FROM penstock_sandbox.load_error_fields"
                    + " WHERE query = current_setting('penstock.last_copy_id')::integer"
                    + " ORDER BY field"))
        .containsExactly(
            List.of("0", "id", "1", "0", "int4", "", "1"),
            List.of("1", "name", ".t.", "0", "varchar", "5", "1"),
            List.of("2", "n", "", "1", "numeric", "5, 2", "1"),
            List.of("3", "d", "", "1", "date", "", "1"));
    assertThat(
            client.query(
                "SELECT trim(raw_line), trim(raw_field_value), length(raw_line::text || '.')"
                    + " FROM penstock_sandbox.load_errors WHERE colname = 'd'"
                    + " AND query = current_setting('penstock.last_copy_id')::integer"))
        .containsExactly(List.of("1,.t.,,2024-02-30,x", "2024-02-30", "20"));
  }

  @Test
  void errorsOutliveTheRollback() throws Exception {
    put("rollback.csv", "1\nx\n");
    table("id integer");
    client.connection().setAutoCommit(false);
    assertThatThrownBy(() -> copy("COPY t FROM 's3://penstock/rollback.csv' CSV"))
        .hasMessage(FAILED);
    assertThatThrownBy(() -> client.query("SELECT 1")).extracting("sqlState").isEqualTo("25P02");
    client.connection().rollback();
    assertThat(client.query("SELECT count(*) FROM t")).containsExactly(List.of("0"));
    assertThat(
            client.query(
                "SELECT line_number FROM penstock_sandbox.load_errors WHERE filename ="
                    + " 's3://penstock/rollback.csv'"))
        .containsExactly(List.of("2"));
  }

  @Test
  void delimitedTextWithEscapesAndQuotes() throws Exception {
    put("text", "1|a\\|b\\\\c\\\nd|x|\n2|'q|r'|\"s't\"\r\n3|\\N|\n");
    table("id integer, a varchar(20), b varchar(20)");
    copy("COPY t FROM 's3://penstock/text' ESCAPE REMOVEQUOTES");
    assertThat(client.query("SELECT * FROM t"))
        .containsExactly(
            asList("1", "a|b\\c\nd", "x"), asList("2", "q|r", "s't"), asList("3", null, ""));
  }

  @Test
  void conversionOptions() throws Exception {
    put(
        "options",
        "20.259;  ab  ;   ;31/12/2023;1700000000;\u00e9\u00e9\u00e9\n\n1;@NULL@;x;?;0.5;z");
    table(
        "a numeric(8,2), b varchar(9), c varchar(9), d date, e timestamp, f varchar(5),"
            + " g varchar(3), h integer");
    copy(
        "COPY t FROM 's3://penstock/options' DELIMITER ';' ROUNDEC TRIMBLANKS BLANKSASNULL"
            + " DATEFORMAT 'DD/MM/YYYY' ACCEPTANYDATE TIMEFORMAT 'epochsecs' TRUNCATECOLUMNS"
            + " FILLRECORD IGNOREBLANKLINES NULL AS '@NULL@'");
    assertThat(client.query("SELECT * FROM t"))
        .containsExactly(
            asList(
                "20.26",
                "  ab",
                null,
                "2023-12-31",
                "2023-11-14 22:13:20",
                "\u00e9\u00e9",
                "",
                null),
            asList("1.00", null, "x", null, "1970-01-01 00:00:00.5", "z", "", null));
  }

  @Test
  void timesInAutomaticFormats() throws Exception {
    put(
        "times",
        """
        2024-02-29T12:00:00Z|02/29/2024
        2024-02-29 12:00:00.5+02:00|20240229
        Feb 29 2024 01:05 PM|29-Feb-2024
        2024-02-29|2024-02-29
        """);
    table("a timestamptz, b date");
    copy("COPY t FROM 's3://penstock/times' TIMEFORMAT 'auto' DATEFORMAT 'auto'");
    assertThat(client.query("SELECT * FROM t"))
        .containsExactly(
            List.of("2024-02-29 12:00:00+00", "2024-02-29"),
            List.of("2024-02-29 10:00:00.5+00", "2024-02-29"),
            List.of("2024-02-29 13:05:00+00", "2024-02-29"),
            List.of("2024-02-29 00:00:00+00", "2024-02-29"));
  }

  @Test
  void invalidCharactersAreRefusedOrReplaced() throws Exception {
    servers.put("utf8.csv", new byte[] {'a', (byte) 0xe2, (byte) 0x82, 'b', (byte) 0xff, '\n'});
    table("a varchar(9)");
    assertThatThrownBy(() -> copy("COPY t FROM 's3://penstock/utf8.csv' CSV")).hasMessage(FAILED);
    assertThat(
            client.query(
                "SELECT err_code, trim(err_reason) FROM penstock_sandbox.load_errors"
                    + " WHERE filename = 's3://penstock/utf8.csv'"))
        .containsExactly(
            List.of(
                "1220",
                "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence:"
                    + " e2 82 (error 4)"));
    copy("COPY t FROM 's3://penstock/utf8.csv' CSV ACCEPTINVCHARS '^'");
    assertThat(client.query("SELECT * FROM t")).containsExactly(List.of("a^^b^"));
    servers.put("utf16.csv", "\u00e9,\ud83d\ude00\n".getBytes(StandardCharsets.UTF_16));
    table("a varchar(9), b varchar(9)");
    copy("COPY t FROM 's3://penstock/utf16.csv' CSV ENCODING UTF16");
    assertThat(client.query("SELECT * FROM t")).containsExactly(List.of("\u00e9", "\ud83d\ude00"));
  }

  @Test
  void identityColumnsAreFilledUnlessExplicit() throws Exception {
    put("identity.csv", "a\nb\n");
    put("explicit.csv", "70,c\n");
    table("id bigint GENERATED BY DEFAULT AS IDENTITY, name varchar(5)");
    copy("COPY t FROM 's3://penstock/identity.csv' CSV");
    copy("COPY t FROM 's3://penstock/explicit.csv' CSV EXPLICIT_IDS");
    assertThat(client.query("SELECT * FROM t ORDER BY id"))
        .containsExactly(List.of("1", "a"), List.of("2", "b"), List.of("70", "c"));
  }

  @Test
  void noLoadChecksAndStoresNothing() throws Exception {
    put("noload.csv", "1\n");
    table("id integer");
    copy("COPY t FROM 's3://penstock/noload.csv' CSV NOLOAD");
    assertThat(client.query("SELECT count(*) FROM t")).containsExactly(List.of("0"));
  }

  @Test
  void aRowOfMoreThanFourMegabytesIsRefusedAndTheNextIsLoaded() throws Exception {
    put("long.csv", "1,a\n2," + "x".repeat(9 << 20) + "\n3,b\n");
    table("id integer, name varchar(5)");
    copy("COPY t FROM 's3://penstock/long.csv' CSV MAXERROR 5");
    assertThat(client.query("SELECT id FROM t")).containsExactly(List.of("1"), List.of("3"));
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    table("id integer");
    put("gone", "{\"entries\":[{\"url\":\"s3://penstock/gone.csv\",\"mandatory\":true}]}");
    put("plain.csv", "1\n");
    refused(
        "COPY t FROM 's3://penstock/nothing' CSV", "The specified S3 prefix 'nothing' does not");
    refused(
        "COPY t FROM 's3://penstock/gone' CSV MANIFEST", "The specified S3 object does not exist");
    refused("COPY t FROM 's3://penstock/none' CSV MANIFEST", "Problem reading manifest file");
    refused("COPY t FROM 's3://nobucket/x' CSV", "S3ServiceException:The specified bucket");
    refused("COPY nosuch FROM 's3://penstock/plain.csv' CSV", "Cannot COPY into nonexistent table");
    refused("COPY t (x) FROM 's3://penstock/plain.csv' CSV", "column \"x\" of relation \"t\"");
    refused("COPY t FROM 's3://penstock/plain.csv' CSV GZIP", "Failed to read s3://penstock/plain");
  }

  private void refused(String sql, String message) {
    assertThatThrownBy(() -> copy(sql))
        .isInstanceOf(SqlError.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void wrongKeysAreRefusedByS3() throws Exception {
    put("keys.csv", "1\n");
    table("id integer");
    String copy = "COPY t FROM 's3://penstock/keys.csv' CSV ";
    assertThatThrownBy(
            () ->
                servers
                    .copyUnload()
                    .execute(copy + "ACCESS_KEY_ID 'AKIAX' SECRET_ACCESS_KEY 'wrong'", client))
        .isInstanceOf(SqlError.class)
        .hasMessageStartingWith("S3ServiceException:The AWS Access Key Id you provided")
        .hasMessageContaining("Status 403,Error InvalidAccessKeyId")
        .extracting("sqlState")
        .isEqualTo("XX000");
    String wrongSecret =
        AUTHORIZATION.replaceAll("aws_secret_access_key=[^']*", "aws_secret_access_key=wrong");
    assertThatThrownBy(() -> servers.copyUnload().execute(copy + wrongSecret, client))
        .hasMessageContaining("Status 403,Error SignatureDoesNotMatch");
    servers.copyUnload().execute(copy + "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'", client);
    assertThat(client.query("SELECT * FROM t")).containsExactly(List.of("1"));
  }

  private void table(String columns) throws Exception {
    client.execute(
        "SET client_min_messages = warning; DROP TABLE IF EXISTS t;"
            + " SET client_min_messages = notice; CREATE TEMP TABLE t ("
            + columns
            + ")");
  }

  private void copy(String sql) throws Exception {
    assertThat(servers.copyUnload().execute(sql + AUTHORIZATION, client)).isEqualTo("COPY");
  }

  private static void put(String key, String text) {
    servers.put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] compress(Compression compression, String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compression.compress(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
