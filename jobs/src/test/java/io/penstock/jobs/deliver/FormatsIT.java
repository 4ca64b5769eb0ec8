package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.OutputFormat.Codec;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.text.TextDialect.QuoteMode;
import io.penstock.jobs.testing.LocalSpark;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every type at its edges in every format, read back by someone else's reader. */
class FormatsIT {
  private static final SparkSession SPARK = LocalSpark.session();

  private static final List<String> NAMES =
      List.of(
          "id", "bool", "tiny", "small", "int", "big", "dec", "wide", "real", "dbl", "text", "date",
          "ts", "ntz", "bin");

  private static final String MATRIX =
      """
      select * from values
        (1, true, 127Y, 32767S, 2147483647, 9223372036854775807L, 12345678.90BD,
         cast('12345678901234567890123456789012345678' as decimal(38,0)),
         cast(1.5 as float), 1.7976931348623157E308D, 'plain', date'2024-02-29',
         timestamp'2024-02-29 23:59:59.999999+00:00', timestamp_ntz'2024-02-29 23:59:59.999999',
         X'00FF10'),
        (2, false, -128Y, -32768S, cast(-2147483648L as int), (-9223372036854775807L - 1),
         -0.01BD, cast('-1' as decimal(38,0)), cast(-0.25 as float), 4.9E-324D,
         'a "quoted", line\nand é 漢 😀 \\\\ tab\t', date'0001-01-01',
         timestamp'0001-01-01 00:00:00+00:00', timestamp_ntz'0001-01-01 00:00:00', X''),
        (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
        (4, true, 0Y, 0S, 0, 0L, 0.00BD, cast('0' as decimal(38,0)), cast('NaN' as float),
         cast('Infinity' as double), '', date'9999-12-31',
         timestamp'1582-10-15 12:00:00.000001+00:00', timestamp_ntz'1969-12-31 23:59:59.5',
         X'AB'),
        (5, true, 1Y, 1S, 1, 1L, 0.10BD, cast('7' as decimal(38,0)), cast('-Infinity' as float),
         1234.5D, ' padded ', date'1900-02-28', timestamp'2000-02-29 00:00:00+00:00',
         timestamp_ntz'2000-02-29 00:00:00', X'41')
      as t(id, bool, tiny, small, int, big, dec, wide, real, dbl, text, date, ts, ntz, bin)
      """;

  /** The scalars of rows 1, 2, 4 and 5 as text files have them; row 3 is NULL but for its id. */
  private static final List<List<String>> AS_TEXT =
      List.of(
          List.of(
              "1",
              "true",
              "127",
              "32767",
              "2147483647",
              "9223372036854775807",
              "12345678.90",
              "12345678901234567890123456789012345678",
              "1.5",
              "1.7976931348623157E308",
              "plain",
              "2024-02-29",
              "2024-02-29 23:59:59.999999+00:00",
              "2024-02-29 23:59:59.999999",
              "00ff10"),
          List.of(
              "2",
              "false",
              "-128",
              "-32768",
              "-2147483648",
              "-9223372036854775808",
              "-0.01",
              "-1",
              "-0.25",
              "4.9E-324",
              "a \"quoted\", line\nand é 漢 😀 \\ tab\t",
              "0001-01-01",
              "0001-01-01 00:00:00+00:00",
              "0001-01-01 00:00:00",
              ""),
          List.of(
              "4",
              "true",
              "0",
              "0",
              "0",
              "0",
              "0.00",
              "0",
              "NaN",
              "Infinity",
              "",
              "9999-12-31",
              "1582-10-15 12:00:00.000001+00:00",
              "1969-12-31 23:59:59.500000",
              "ab"),
          List.of(
              "5",
              "true",
              "1",
              "1",
              "1",
              "1",
              "0.10",
              "7",
              "-Infinity",
              "1234.5",
              " padded ",
              "1900-02-28",
              "2000-02-29 00:00:00+00:00",
              "2000-02-29 00:00:00",
              "41"));

  @TempDir Path directory;

  private Path write(Dataset<Row> rows, OutputFormat format) {
    Plans plans = Plans.csv(directory).as(format);
    try (StagedDelivery staged =
        new DeliveryEngine(SPARK, secret -> "unused").stage(rows.coalesce(1), plans.plan())) {
      String key = staged.publish().files().get(0).key();
      staged.finish();
      return directory.resolve(key);
    }
  }

  private static Dataset<Row> matrix() {
    return SPARK.sql(MATRIX);
  }

  private static List<List<String>> query(String sql) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet result = statement.executeQuery(sql)) {
        List<List<String>> rows = new ArrayList<>();
        while (result.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            row.add(String.valueOf(result.getString(i)));
          }
          rows.add(row);
        }
        return rows;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = QuoteMode.class,
      names = {"ALL_NON_NULL", "MINIMAL", "NON_NUMERIC"})
  void textIsReadByCommonsCsv(QuoteMode mode) throws IOException {
    Path file = write(matrix(), new OutputFormat.Text("csv", Plans.dialect(',', mode, "\\N")));
    CSVFormat format =
        CSVFormat.Builder.create().setHeader().setSkipHeaderRecord(true).setNullString("\\N").get();
    List<List<String>> rows = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      for (CSVRecord record : format.parse(reader)) {
        if (record.get("id").equals("3")) {
          assertThat(record.toList().subList(1, NAMES.size())).containsOnlyNulls();
        } else {
          rows.add(record.toList());
        }
      }
    }
    assertThat(rows).isEqualTo(AS_TEXT);
  }

  @Test
  void textIsReadByDuckDb() throws SQLException {
    Path file =
        write(
            matrix(), new OutputFormat.Text("csv", Plans.dialect(',', QuoteMode.ALL_NON_NULL, "")));
    assertThat(
            query(
                "select text from read_csv('"
                    + file
                    + "', header=true, all_varchar=true, quote='\"', escape='\"',"
                    + " allow_quoted_nulls=false) order by id"))
        .isEqualTo(
            List.of(
                List.of("plain"),
                List.of("a \"quoted\", line\nand é 漢 😀 \\ tab\t"),
                List.of("null"),
                List.of(""),
                List.of(" padded ")));
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void parquetIsReadByDuckDb(Codec codec) throws SQLException {
    Path file = write(matrix(), new OutputFormat.Parquet(codec));
    List<List<String>> rows =
        query(
            "select id, bool, tiny, small, int, big, dec, wide, isnan(real), isinf(dbl), text, date,"
                + " epoch_us(ts), epoch_us(ntz), lower(hex(bin)) from '"
                + file
                + "' order by id");
    assertThat(rows.get(0))
        .isEqualTo(
            List.of(
                "1",
                "true",
                "127",
                "32767",
                "2147483647",
                "9223372036854775807",
                "12345678.90",
                "12345678901234567890123456789012345678",
                "false",
                "false",
                "plain",
                "2024-02-29",
                "1709251199999999",
                "1709251199999999",
                "00ff10"));
    assertThat(rows.get(1).subList(10, 14))
        .containsExactly(
            "a \"quoted\", line\nand é 漢 😀 \\ tab\t",
            "0001-01-01",
            "-62135596800000000",
            "-62135596800000000");
    assertThat(rows.get(2).subList(1, NAMES.size())).containsOnly("null");
    assertThat(rows.get(3).subList(8, 12)).containsExactly("true", "true", "", "9999-12-31");
    assertThat(query("select type from parquet_schema('" + file + "') where name = 'ts'"))
        .isEqualTo(List.of(List.of("INT64")));
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void avroIsReadByAvro(Codec codec) throws IOException {
    Path file = write(matrix(), new OutputFormat.Avro(codec));
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      Schema timestamp = reader.getSchema().getField("ts").schema().getTypes().get(0);
      assertThat(timestamp.getLogicalType()).isEqualTo(LogicalTypes.timestampMicros());
      assertThat(reader.getMetaString("avro.codec"))
          .isEqualTo(
              switch (codec) {
                case NONE -> "null";
                case SNAPPY -> "snappy";
                case GZIP -> "deflate";
                case ZSTD -> "zstandard";
              });
      GenericRecord first = reader.next();
      assertThat(first.get("big")).isEqualTo(Long.MAX_VALUE);
      assertThat(first.get("ts")).isEqualTo(1_709_251_199_999_999L);
      GenericRecord second = reader.next();
      assertThat(second.get("text")).hasToString("a \"quoted\", line\nand é 漢 😀 \\ tab\t");
      assertThat(second.get("ts")).isEqualTo(-62_135_596_800_000_000L);
      GenericRecord third = reader.next();
      assertThat(NAMES.subList(1, NAMES.size())).allMatch(name -> third.get(name) == null);
    }
  }

  @Test
  void jsonLinesAreReadByDuckDb() throws SQLException {
    Path file = write(matrix(), new OutputFormat.Ndjson());
    assertThat(
            query(
                "select text, big, wide from read_json('"
                    + file
                    + "', format='newline_delimited', columns={id:'INT', text:'VARCHAR',"
                    + " big:'BIGINT', wide:'DECIMAL(38,0)'}) where id <= 3 order by id"))
        .isEqualTo(
            List.of(
                List.of("plain", "9223372036854775807", "12345678901234567890123456789012345678"),
                List.of("a \"quoted\", line\nand é 漢 😀 \\ tab\t", "-9223372036854775808", "-1"),
                List.of("null", "null", "null")));
  }

  @Test
  void jsonHoldsEveryTypeInAForm() throws IOException {
    Path file = write(matrix(), new OutputFormat.JsonArray());
    JsonNode array = new ObjectMapper().readTree(file.toFile());
    assertThat(array).hasSize(5);
    JsonNode fourth = array.get(3);
    assertThat(fourth.path("real").isTextual()).isTrue();
    assertThat(fourth.path("dbl").asText()).isEqualTo("Infinity");
    assertThat(fourth.path("ntz").asText()).isEqualTo("1969-12-31 23:59:59.500000");
    assertThat(fourth.path("int").isIntegralNumber()).isTrue();
    assertThat(array.get(2).path("text").isNull()).isTrue();
    assertThat(array.get(0).path("bin").asText()).isEqualTo("00ff10");
  }

  @Test
  void nestedValuesAreJson() throws IOException {
    Dataset<Row> nested =
        SPARK.sql(
            "select 1 as id, named_struct('a', 1, 'b', array('x', null, 'q\"')) as s,"
                + " map('k', timestamp'2024-01-02 03:04:05Z', 'n', null) as m");
    Path file = write(nested, new OutputFormat.Ndjson());
    String object =
        "\"s\":{\"a\":1,\"b\":[\"x\",null,\"q\\\"\"]},"
            + "\"m\":{\"k\":\"2024-01-02 03:04:05+00:00\",\"n\":null}";
    assertThat(file).hasContent("{\"id\":1," + object + "}\n");
    Path text = write(nested, new OutputFormat.Text("csv", Plans.CSV));
    assertThat(text)
        .hasContent(
            "id,s,m\n"
                + "1,\"{\"\"a\"\":1,\"\"b\"\":[\"\"x\"\",null,\"\"q\\\"\"\"\"]}\","
                + "\"{\"\"k\"\":\"\"2024-01-02 03:04:05+00:00\"\",\"\"n\"\":null}\"\n");
  }

  @Test
  void emptyFilesHaveTheirSchema() throws IOException, SQLException {
    Dataset<Row> none = matrix().where("id > 100");
    assertThat(write(none, new OutputFormat.JsonArray())).hasContent("[]\n");
    assertThat(write(none, new OutputFormat.Ndjson())).isEmptyFile();
    Path parquet = write(none, new OutputFormat.Parquet(Codec.ZSTD));
    assertThat(query("select count(*) from '" + parquet + "'")).isEqualTo(List.of(List.of("0")));
    Path avro = write(none, new OutputFormat.Avro(Codec.NONE));
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(avro.toFile(), new GenericDatumReader<>())) {
      assertThat(reader.getSchema().getFields()).hasSize(NAMES.size());
      assertThat(reader.hasNext()).isFalse();
    }
  }

  @Test
  void typesWithoutAFormAreRefusedByName() {
    Dataset<Row> rows = SPARK.sql("select interval '1' day as gap");
    for (OutputFormat format :
        List.of(
            new OutputFormat.Text("csv", Plans.CSV),
            new OutputFormat.Ndjson(),
            new OutputFormat.Parquet(Codec.NONE),
            new OutputFormat.Avro(Codec.NONE))) {
      assertThatThrownBy(() -> write(rows, format))
          .isInstanceOfSatisfying(
              PenstockException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_VALUE_REFUSED);
                assertThat(e.problem()).contains("\"gap\"");
              });
    }
  }
}
