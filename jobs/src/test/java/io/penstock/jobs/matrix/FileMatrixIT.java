package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.matrix.ReadBack.Comparison;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One run delivers the matrix in every format; readers that are not ours read it back. */
class FileMatrixIT {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  @TempDir static Path directory;

  private static final String DESTINATIONS =
      """
      destinations {
        csv-all          { format = csv, text { quote-mode = all, null = "<none>" } }
        csv-all-non-null { format = csv, text { quote-mode = all-non-null } }
        csv-minimal      { format = csv, text { quote-mode = minimal, null = "\\\\N" } }
        csv-non-numeric  { format = csv, text { quote-mode = non-numeric, null = "NULL" } }
        csv-none         { format = csv, text { quote-mode = none, escape = "\\\\", null = "<none>" } }
        csv-default      { format = csv }
        csv-gzip         { format = csv, encoding = gzip, text { null = "\\\\N", line-ending = crlf } }
        tsv              { format = tsv, text { null = "\\\\N" } }
        psv              { format = psv, encoding = gzip, text { null = "\\\\N" } }
        ndjson           { format = ndjson }
        ndjson-gzip      { format = ndjson, encoding = gzip }
        json             { format = json }
        json-gzip        { format = json, encoding = gzip }
        parquet-none     { format = parquet, codec = none }
        parquet-snappy   { format = parquet, codec = snappy }
        parquet-gzip     { format = parquet, codec = gzip }
        parquet-zstd     { format = parquet, codec = zstd }
        avro-none        { format = avro, codec = none }
        avro-snappy      { format = avro, codec = snappy }
        avro-gzip        { format = avro, codec = gzip }
        avro-zstd        { format = avro, codec = zstd }
      }
      """;

  @BeforeAll
  static void deliver() throws Exception {
    TypeMatrix.write(directory.resolve("source"));
    StringBuilder job = new StringBuilder("job = matrix\nstate = state\n");
    job.append("sources { rows { format = parquet, path = source } }\n");
    job.append(TypeMatrix.template(TypeMatrix.columns()));
    DESTINATIONS
        .lines()
        .map(
            line ->
                line.replaceFirst(
                    "^  ([a-z-]+) +\\{ ", "  $1 { type = s3, directory = \"out/$1\", "))
        .forEach(line -> job.append(line).append('\n'));
    Path file = directory.resolve("matrix.conf");
    Files.writeString(file, job);
    Runs.succeed(List.of(file));
  }

  private static String files(String destination) {
    return directory.resolve("out").resolve(destination) + "/matrix_*";
  }

  private static void verify(ReadBack rows, Comparison comparison) {
    SoftAssertions softly = new SoftAssertions();
    rows.verify(softly, comparison);
    softly.assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "snappy", "gzip", "zstd"})
  void duckDbReadsParquet(String codec) throws Exception {
    try (DuckDb duckDb = new DuckDb()) {
      verify(duckDb.parquet(files("parquet-" + codec)), Comparison.EXACT);
    }
  }

  @ParameterizedTest
  @CsvSource({"ndjson,false", "ndjson-gzip,false", "json,true", "json-gzip,true"})
  void duckDbReadsJson(String destination, boolean array) throws Exception {
    try (DuckDb duckDb = new DuckDb()) {
      verify(duckDb.json(files(destination), array), Comparison.EXACT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ndjson", "ndjson-gzip", "json", "json-gzip"})
  void jacksonReadsJson(String destination) throws Exception {
    List<MatrixColumn> columns = TypeMatrix.columns();
    ReadBack rows = new ReadBack("Jackson on " + destination, columns);
    for (Path file : delivered(destination)) {
      try (JsonParser parser = new JsonFactory().createParser(open(file))) {
        while (parser.nextToken() != null) {
          if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, @Nullable String> members = members(parser);
            List<@Nullable String> values = new ArrayList<>();
            columns.forEach(column -> values.add(members.get(column.name())));
            rows.add(Integer.parseInt(String.valueOf(members.get("id"))), values);
          }
        }
      }
    }
    verify(rows, Comparison.EXACT);
  }

  /** The members of an object: scalars as they are written, what is nested as a document. */
  private static Map<String, @Nullable String> members(JsonParser parser) throws IOException {
    Map<String, @Nullable String> members = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      boolean document = name.equals("v_super") || name.equals("v_nested");
      if (token == JsonToken.VALUE_NULL) {
        members.put(name, null);
      } else {
        members.put(name, document ? JSON.readTree(parser).toString() : parser.getText());
      }
    }
    return members;
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = ';',
      value = {
        "csv-all;,;<none>;true",
        "csv-all-non-null;,;;false",
        "csv-minimal;,;\\N;false",
        "csv-non-numeric;,;NULL;false",
        "tsv;\t;\\N;false",
        "psv;|;\\N;false"
      })
  void duckDbReadsText(
      String destination, String delimiter, @Nullable String nullText, boolean quotedNulls)
      throws Exception {
    try (DuckDb duckDb = new DuckDb()) {
      ReadBack rows =
          duckDb.csv(files(destination), delimiter, nullText == null ? "" : nullText, quotedNulls);
      verify(rows, Comparison.EXACT);
    }
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = ';',
      value = {
        "csv-all;,;<none>",
        "csv-all-non-null;,;",
        "csv-minimal;,;\\N",
        "csv-non-numeric;,;NULL",
        "csv-none;,;<none>",
        "csv-gzip;,;\\N",
        "tsv;\t;\\N",
        "psv;|;\\N"
      })
  void commonsCsvReadsText(String destination, char delimiter, @Nullable String nullText)
      throws Exception {
    boolean bare = destination.endsWith("-none");
    boolean quotedNulls = destination.endsWith("-all");
    CSVFormat format =
        CSVFormat.Builder.create()
            .setDelimiter(delimiter)
            .setQuote(bare ? null : '"')
            .setEscape(bare ? '\\' : null)
            .setQuoteMode(quotedNulls || bare ? null : QuoteMode.ALL_NON_NULL)
            .setNullString(nullText == null ? "" : nullText)
            .setHeader()
            .setSkipHeaderRecord(true)
            .get();
    verify(commonsCsv(destination, format), Comparison.EXACT);
  }

  /** By default NULL and empty text are both nothing at all: the one thing that CSV loses. */
  @Test
  void textWithoutNullTextMergesNullAndEmptyText() throws Exception {
    CSVFormat format =
        CSVFormat.Builder.create().setHeader().setSkipHeaderRecord(true).setNullString("").get();
    verify(
        commonsCsv("csv-default", format),
        (column, expected, actual) ->
            Comparison.EXACT.same(column, "".equals(expected) ? null : expected, actual));
  }

  private static ReadBack commonsCsv(String destination, CSVFormat format) throws IOException {
    List<MatrixColumn> columns = TypeMatrix.columns();
    ReadBack rows = new ReadBack("commons-csv on " + destination, columns);
    for (Path file : delivered(destination)) {
      try (InputStreamReader reader = new InputStreamReader(open(file), StandardCharsets.UTF_8);
          CSVParser parser = format.parse(reader)) {
        for (CSVRecord record : parser) {
          List<@Nullable String> values = new ArrayList<>();
          columns.forEach(column -> values.add(record.get(column.name())));
          rows.add(Integer.parseInt(record.get("id")), values);
        }
      }
    }
    return rows;
  }

  private static List<Path> delivered(String destination) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("out").resolve(destination))) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().startsWith("matrix_")).toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "snappy", "gzip", "zstd"})
  void avroReadsAvro(String codec) throws Exception {
    List<MatrixColumn> columns = TypeMatrix.columns();
    ReadBack rows = new ReadBack("Avro with " + codec, columns);
    for (Path file : delivered("avro-" + codec)) {
      try (DataFileReader<GenericRecord> reader =
          new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
        assertThat(reader.getMetaString("avro.codec"))
            .isEqualTo(
                switch (codec) {
                  case "none" -> "null";
                  case "gzip" -> "deflate";
                  case "zstd" -> "zstandard";
                  default -> codec;
                });
        for (GenericRecord record : reader) {
          List<@Nullable String> values = new ArrayList<>();
          for (MatrixColumn column : columns) {
            values.add(text(record.getSchema().getField(column.name()), record.get(column.name())));
          }
          rows.add((Integer) record.get("id"), values);
        }
      }
    }
    verify(rows, Comparison.EXACT);
  }

  private static @Nullable String text(Schema.Field field, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    Schema schema =
        field.schema().getTypes().stream()
            .filter(branch -> branch.getType() != Schema.Type.NULL)
            .findFirst()
            .orElseThrow();
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      byte[] bytes =
          value instanceof GenericFixed fixed ? fixed.bytes() : ((ByteBuffer) value).array();
      return new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString();
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return HexFormat.of().formatHex(bytes);
    }
    if (logical == null) {
      return value.toString();
    }
    Instant instant =
        value instanceof Long micros
            ? Instant.EPOCH.plus(micros, ChronoUnit.MICROS)
            : Instant.EPOCH;
    return switch (logical.getName()) {
      case "date" -> LocalDate.ofEpochDay((Integer) value).toString();
      case "local-timestamp-micros" -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
      case "timestamp-micros" -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC) + "+00";
      default -> throw new IllegalArgumentException(logical.getName());
    };
  }
}
