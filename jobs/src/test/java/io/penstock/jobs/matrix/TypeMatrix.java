package io.penstock.jobs.matrix;

import io.penstock.jobs.matrix.MatrixColumn.Nested;
import io.penstock.jobs.testing.LocalSpark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The rows that go in, and that must come out. */
final class TypeMatrix {
  private static final String LONGEST = "0123456789abcdé".repeat(4095) + "0123456789";

  private static final List<Object> TEXTS =
      List.of(
          "",
          " ",
          "  leading",
          "trailing  ",
          "\ttabs\t",
          "a\nb",
          "a\r\nb",
          "a\rb",
          "\n",
          "\r",
          "\r\n",
          "end\n",
          "say \"hi\"",
          "\"",
          "\"\"",
          "\"x\"",
          "it's",
          "'",
          "back\\slash",
          "\\",
          "\\\\",
          "ends in \\",
          "\\n",
          "\\\"",
          "a,b",
          ",",
          "a\tb",
          "\t",
          "a|b",
          "|",
          "a;b",
          "\\N",
          "NULL",
          "null",
          "None",
          "NaN",
          "Infinity",
          "true",
          "0",
          "-0.0",
          "1e3",
          "2024-02-29",
          "{}",
          "[1]",
          "#hash",
          "=1+1",
          "-",
          "@x",
          "%s $1 {{now}}",
          "é",
          "e\u0301",
          "漢字",
          "😀",
          "👩‍👩‍👧",
          "שלום, עולם",
          "\u202Eabc",
          "\uFEFFmark",
          "\u0001\u001f\u007f",
          "\u0085\u2028\u2029",
          "\u00a0",
          "x".repeat(200));

  private static final List<Object> DATES =
      List.of(
          LocalDate.of(1, 1, 1),
          LocalDate.of(9999, 12, 31),
          LocalDate.of(1582, 10, 4),
          LocalDate.of(1582, 10, 10),
          LocalDate.of(1582, 10, 15),
          LocalDate.of(1600, 2, 29),
          LocalDate.of(1900, 2, 28),
          LocalDate.of(1969, 12, 31),
          LocalDate.of(1970, 1, 1),
          LocalDate.of(2000, 2, 29),
          LocalDate.of(2024, 2, 29));

  private static final List<String> TIMES =
      List.of(
          "0001-01-01T00:00:00",
          "0001-01-01T00:00:00.000001",
          "9999-12-31T23:59:59.999999",
          "1582-10-10T12:34:56.789012",
          "1883-11-18T12:03:58",
          "1900-01-01T00:00:00.5",
          "1969-12-31T23:59:59.999999",
          "1969-12-31T23:59:59.000001",
          "1970-01-01T00:00:00",
          "2024-02-29T23:59:59.100000",
          "2026-03-08T02:30:00",
          "2026-03-29T01:30:00",
          "2026-03-29T02:30:00.000123",
          "2026-10-25T01:30:00",
          "2026-11-01T01:30:00",
          "2026-11-01T06:30:00");

  private static final List<MatrixColumn> COLUMNS =
      List.of(
          column("v_smallint", "smallint", "smallint", Short.MIN_VALUE, Short.MAX_VALUE, (short) 0),
          column("v_integer", "integer", "int", Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1),
          column("v_bigint", "bigint", "bigint", Long.MIN_VALUE, Long.MAX_VALUE, 0L, 1L << 53),
          column(
              "v_decimal",
              "decimal(12,2)",
              "decimal(12,2)",
              new BigDecimal("9999999999.99"),
              new BigDecimal("-9999999999.99"),
              new BigDecimal("0.00"),
              new BigDecimal("-0.01")),
          column(
              "v_wide",
              "decimal(38,10)",
              "decimal(38,10)",
              new BigDecimal("9999999999999999999999999999.9999999999"),
              new BigDecimal("-9999999999999999999999999999.9999999999"),
              new BigDecimal("0E-10"),
              new BigDecimal("0.0000000001")),
          column(
              "v_real",
              "real",
              "float",
              Float.MAX_VALUE,
              -Float.MAX_VALUE,
              Float.MIN_NORMAL,
              Float.NaN,
              Float.POSITIVE_INFINITY,
              Float.NEGATIVE_INFINITY,
              0.0f,
              -0.0f,
              0.1f,
              16777217f),
          column(
              "v_double",
              "double",
              "double",
              Double.MAX_VALUE,
              -Double.MAX_VALUE,
              Double.MIN_NORMAL,
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY,
              0.0,
              -0.0,
              0.1,
              1.0 / 3,
              1e7,
              1e-3,
              -1234.5678),
          column("v_boolean", "boolean", "boolean", true, false),
          column(
              "v_char",
              "char(12)",
              "string",
              "",
              "abc",
              "trailing  ",
              "  leading",
              "tab\tx",
              "line\nend\r\n",
              "\"q\", \\N",
              "\\N",
              "NULL",
              "null",
              "123456789012"),
          new MatrixColumn("v_varchar", "varchar(200)", "string", TEXTS),
          column("v_max", "varchar(max)", "string", LONGEST, "", "\uD83D\uDE00".repeat(16383)),
          new MatrixColumn("v_date", "date", "date", DATES),
          new MatrixColumn(
              "v_timestamp",
              "timestamp",
              "timestamp_ntz",
              TIMES.stream().map(text -> (Object) LocalDateTime.parse(text)).toList()),
          new MatrixColumn("v_timestamptz", "timestamptz", "timestamp", instants()),
          column(
              "v_varbyte",
              "varbyte",
              "binary",
              new byte[] {0, 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff},
              "\\N,\"\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
              new byte[300]),
          column(
              "v_super",
              "super",
              "string",
              "{\"a\": [1, null, {\"b\": \"x\\\"y\\\\ \\n é 😀\"}],\n \"c\": 1.25}",
              "[]",
              "{}",
              "\"text, with \\\"quotes\\\"\"",
              "\"\"",
              "true",
              "-17",
              "\"\\\\N\""),
          column(
              "v_nested",
              "super",
              "struct<a: int, b: string, c: array<int>>",
              new Nested(
                  RowFactory.create(1, "x\"y\\ \n é 😀", new Integer[] {1, 2}),
                  "{\"a\":1,\"b\":\"x\\\"y\\\\ \\n é 😀\",\"c\":[1,2]}"),
              new Nested(
                  RowFactory.create(null, "", new Integer[0]),
                  "{\"a\":null,\"b\":\"\",\"c\":[]}")));

  private TypeMatrix() {}

  private static MatrixColumn column(String name, String type, String source, Object... values) {
    return new MatrixColumn(name, type, source, List.of(values));
  }

  private static List<Object> instants() {
    return TIMES.stream()
        .map(text -> (Object) LocalDateTime.parse(text).toInstant(ZoneOffset.UTC))
        .toList();
  }

  static List<MatrixColumn> columns() {
    return COLUMNS;
  }

  static int rows() {
    return 1 + COLUMNS.stream().mapToInt(column -> column.values().size()).max().orElseThrow();
  }

  /** The template of a job file, for {@code id} and these columns. */
  static String template(List<MatrixColumn> columns) {
    return columns.stream()
        .map(
            c ->
                "  { name = \"%s\", from = \"r_%s\", type = \"%s\" }"
                    .formatted(c.name(), c.name(), c.type()))
        .collect(
            Collectors.joining(
                "\n",
                "template { columns = [\n"
                    + "  { name = \"id\", from = \"r_id\", type = \"integer\", nullable = false }\n",
                "\n] }\n"));
  }

  /** Writes the source. */
  static void write(Path directory) {
    SparkSession spark = LocalSpark.session().newSession();
    spark.conf().set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED");
    spark.conf().set("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED");
    StringBuilder ddl = new StringBuilder("r_id INT");
    COLUMNS.forEach(c -> ddl.append(", r_").append(c.name()).append(' ').append(c.source()));
    spark
        .createDataFrame(sourceRows(), StructType.fromDDL(ddl.toString()))
        .repartition(2)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .parquet(directory.toString());
  }

  private static List<Row> sourceRows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < rows(); i++) {
      @Nullable Object[] values = new Object[COLUMNS.size() + 1];
      values[0] = i;
      for (int at = 0; at < COLUMNS.size(); at++) {
        List<Object> all = COLUMNS.get(at).values();
        Object value = i == 0 || i > all.size() ? null : all.get(i - 1);
        values[at + 1] = value instanceof Nested nested ? nested.row() : value;
      }
      rows.add(RowFactory.create(values));
    }
    return rows;
  }
}
