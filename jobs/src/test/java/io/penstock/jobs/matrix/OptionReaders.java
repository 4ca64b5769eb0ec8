package io.penstock.jobs.matrix;

import static io.penstock.jobs.matrix.OptionRows.COLUMNS;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** Reads one unpacked file with the reader of its format: columns by name, in their order. */
final class OptionReaders {
  private static final int SCALE = 2;

  private OptionReaders() {}

  static List<Map<String, @Nullable String>> read(Combination options, Path file)
      throws IOException, SQLException {
    return switch (options.value("format")) {
      case "json", "ndjson" -> json(file, options.has("format", "json"));
      case "avro" -> avro(file);
      case "parquet" -> parquet(file);
      default -> text(options, file);
    };
  }

  static Charset charset(Combination options) {
    return options.sets("charset")
        ? Charset.forName(options.value("charset"))
        : StandardCharsets.UTF_8;
  }

  static char delimiter(Combination options) {
    if (options.sets("delimiter")) {
      return ';';
    }
    return options.has("format", "tsv") ? '\t' : options.has("format", "psv") ? '|' : ',';
  }

  static char quote(Combination options) {
    return options.sets("quote") ? '\'' : '"';
  }

  static boolean isEscaped(Combination options) {
    return options.sets("escape") || options.has("quoting", "none-escaped");
  }

  /** The names of the columns of a file, where it does not say them. */
  static List<String> columns(Combination options) {
    List<String> columns = new ArrayList<>(COLUMNS);
    if (options.sets("partition")) {
      columns.remove("country");
    }
    if (options.has("partition", "two")) {
      columns.remove("flag");
    }
    if (options.sets("row-number")) {
      columns.add(0, "row_number");
    }
    return columns;
  }

  private static List<Map<String, @Nullable String>> text(Combination options, Path file)
      throws IOException {
    boolean bare = options.has("quoting", "none-escaped", "none-bare");
    boolean strict = !bare && !options.has("quoting", "all");
    CSVFormat.Builder format =
        CSVFormat.Builder.create()
            .setDelimiter(delimiter(options))
            .setQuote(bare ? null : quote(options))
            .setEscape(isEscaped(options) ? '\\' : null)
            .setQuoteMode(strict ? QuoteMode.ALL_NON_NULL : null)
            .setIgnoreEmptyLines(false)
            .setNullString(options.sets("null") ? OptionRows.NULL_TEXT : "");
    if (options.sets("header")) {
      format.setHeader(columns(options).toArray(String[]::new));
    } else {
      format.setHeader().setSkipHeaderRecord(true);
    }
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    try (Reader reader = new InputStreamReader(Files.newInputStream(file), charset(options))) {
      if (options.sets("mark") && reader.read() != '\uFEFF') {
        throw new IOException("there is no byte order mark");
      }
      try (CSVParser parser = format.get().parse(reader)) {
        for (CSVRecord record : parser) {
          Map<String, @Nullable String> row = new LinkedHashMap<>();
          parser.getHeaderNames().forEach(name -> row.put(name, record.get(name)));
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static List<Map<String, @Nullable String>> json(Path file, boolean array)
      throws IOException {
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      if (array && parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("not an array");
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          row.put(name, parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getText());
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Map<String, @Nullable String>> avro(Path file) throws IOException {
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      for (GenericRecord record : reader) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        record
            .getSchema()
            .getFields()
            .forEach(field -> row.put(field.name(), plain(field.name(), record.get(field.pos()))));
        rows.add(row);
      }
    }
    return rows;
  }

  private static @Nullable String plain(String column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (column) {
      case "amount" ->
          new BigDecimal(new BigInteger(((GenericFixed) value).bytes()), SCALE).toString();
      case "born" -> LocalDate.ofEpochDay((Integer) value).toString();
      case "seen" -> {
        Instant instant = Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
        yield OptionModel.time(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
      }
      default -> value.toString();
    };
  }

  private static List<Map<String, @Nullable String>> parquet(Path file) throws SQLException {
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet('"
                    + file
                    + "', hive_partitioning = false)")) {
      while (result.next()) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int at = 1; at <= result.getMetaData().getColumnCount(); at++) {
          String name = result.getMetaData().getColumnLabel(at);
          String value = result.getString(at);
          row.put(
              name,
              name.equals("seen") && value != null
                  ? OptionModel.time(LocalDateTime.parse(value.replace(' ', 'T')))
                  : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }
}
