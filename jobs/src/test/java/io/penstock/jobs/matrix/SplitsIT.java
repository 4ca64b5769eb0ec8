package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows enough for several files and tasks, in a global order, and in one file. */
class SplitsIT {
  private static final int ROWS = 60_000;
  private static final int TASKS = 3;
  private static final int MOST_ROWS = 7_000;

  /** Rows of 400 KB among those of 300 bytes; a file ends before them. */
  private static final int LARGE_ROWS = 1;

  private static final int MOST_BYTES = 1_000_000;

  private static final String JOB =
      """
      job = splits
      state = state
      spark { "spark.sql.adaptive.enabled" = "false", "spark.sql.shuffle.partitions" = "3" }
      sources { none { format = csv, path = "none.csv", schema = "id INT" } }
      query = "SELECT id, concat(sha2(string(id), 512), if(id = 31111, repeat('x', 400000), sha2(string(-id), 512))) AS note FROM range(%d) ORDER BY id"
      destinations {
        rows-csv     { format = csv, files { split { rows = 7000 } }, row-number-column = n }
        rows-parquet { format = parquet, files { split { rows = 7000 } }, row-number-column = n }
        rows-avro    { format = avro, files { split { rows = 7000 } }, row-number-column = n }
        rows-zip     { format = csv, encoding = zip, files { split { rows = 7000 } } }
        rows-tar     { format = ndjson, encoding = tar, files { split { rows = 7000 } } }
        bytes-csv     { format = csv, files { split { megabytes = 1 } } }
        bytes-gzip    { format = csv, encoding = gzip, files { split { megabytes = 1 } } }
        bytes-ndjson  { format = ndjson, files { split { megabytes = 1 } } }
        bytes-json    { format = json, files { split { megabytes = 1 } } }
        bytes-avro    { format = avro, codec = none, files { split { megabytes = 1 } } }
        bytes-parquet { format = parquet, codec = none, files { split { megabytes = 1 } } }
        plain-csv    { format = csv, files = single }
        plain-gzip   { format = csv, encoding = gzip, files = single }
        plain-utf    { format = csv, files = single, text { charset = UTF-16LE, byte-order-mark = true } }
        plain-ndjson { format = ndjson, files = single }
        plain-json   { format = json, files = single }
        single-csv     { format = csv, files = single, row-number-column = n }
        single-gzip    { format = csv, encoding = gzip, files = single, row-number-column = n }
        single-ndjson  { format = ndjson, files = single, row-number-column = n }
        single-json    { format = json, files = single, row-number-column = n }
        single-parquet { format = parquet, files = single, row-number-column = n }
        single-avro    { format = avro, files = single, row-number-column = n }
        single-zip     { format = csv, encoding = zip, files = single, row-number-column = n }
        single-tgz     { format = csv, encoding = tgz, files = single, row-number-column = n }
      }
      """;

  @TempDir static Path directory;

  @BeforeAll
  static void deliver() throws Exception {
    Files.writeString(directory.resolve("none.csv"), "");
    String job =
        JOB.formatted(ROWS)
            .replaceAll("(?m)^  ([a-z-]+) +\\{ ", "  $1 { type = s3, directory = \"out/$1\", ");
    Runs.succeed(List.of(Files.writeString(directory.resolve("splits.conf"), job)));
  }

  /** What DuckDB or Avro's tool counts in a file: rows, first and last id, whether numbered. */
  private record Counted(Path file, long rows, long first, long last, boolean numbered) {}

  private static List<Path> files(String destination) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("out").resolve(destination))) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }

  private static List<Counted> counted(String destination) throws Exception {
    List<Counted> counted = new ArrayList<>();
    for (Path file : files(destination)) {
      counted.add(
          destination.endsWith("avro") ? avro(file) : duckDb(file, source(destination, file)));
    }
    counted.sort(Comparator.comparingLong(Counted::first));
    return counted;
  }

  private static String source(String destination, Path file) {
    if (destination.endsWith("parquet")) {
      return "read_parquet('" + file + "')";
    }
    if (destination.endsWith("json")) {
      return "read_json('%s', format = '%s')"
          .formatted(file, destination.endsWith("-json") ? "array" : "newline_delimited");
    }
    return "read_csv('%s', header = true)".formatted(file);
  }

  private static Counted duckDb(Path file, String source) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      String numbers = "true";
      try (ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
        if (columns.next() && columns.getString(1).equals("n")) {
          numbers = "bool_and(n = id - (SELECT min(id) FROM " + source + ") + 1)";
        }
      }
      try (ResultSet result =
          statement.executeQuery(
              "SELECT count(*), min(id), max(id), %s FROM %s".formatted(numbers, source))) {
        result.next();
        return new Counted(
            file, result.getLong(1), result.getLong(2), result.getLong(3), result.getBoolean(4));
      }
    }
  }

  private static Counted avro(Path file) throws IOException {
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      boolean numbered = true;
      boolean numbers = reader.getSchema().getField("n") != null;
      List<Long> ids = new ArrayList<>();
      for (GenericRecord record : reader) {
        ids.add((Long) record.get("id"));
        numbered &= !numbers || record.get("n").equals((long) ids.size());
      }
      return new Counted(
          file, ids.size(), ids.get(0), ids.get(ids.size() - 1), numbered && isRising(ids));
    }
  }

  private static boolean isRising(List<Long> ids) {
    for (int i = 1; i < ids.size(); i++) {
      if (ids.get(i) != ids.get(i - 1) + 1) {
        return false;
      }
    }
    return true;
  }

  /** Files in the order of their rows hold all rows once, in order. */
  private static void requireWhole(List<Counted> files) {
    long next = 0;
    for (Counted file : files) {
      assertThat(file.first()).as("%s", file).isEqualTo(next);
      assertThat(file.rows()).as("%s", file).isEqualTo(file.last() - file.first() + 1);
      assertThat(file.numbered()).as("%s: numbers from 1 in its order", file).isTrue();
      next = file.last() + 1;
    }
    assertThat(next).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @CsvSource({"rows-csv", "rows-parquet", "rows-avro"})
  void noFileHasMoreRowsAndOneOfEachTaskHasFewer(String destination) throws Exception {
    List<Counted> files = counted(destination);
    requireWhole(files);
    assertThat(files).allMatch(file -> file.rows() <= MOST_ROWS);
    assertThat(files.stream().filter(file -> file.rows() < MOST_ROWS)).hasSizeLessThan(TASKS + 1);
    assertThat(files).hasSizeGreaterThan(ROWS / MOST_ROWS);
  }

  /** All but for what a row needs, a block of Avro, a footer, or what a compressor holds back. */
  @ParameterizedTest
  @CsvSource({
    "bytes-csv,600",
    "bytes-ndjson,600",
    "bytes-json,600",
    "bytes-avro,65536",
    "bytes-parquet,4096",
    "bytes-gzip,300000"
  })
  void noFileHasMoreBytesAndOneOfEachTaskHasFewer(String destination, int held) throws Exception {
    List<Counted> files = counted(destination);
    requireWhole(files);
    List<Long> sizes = new ArrayList<>();
    for (Counted file : files) {
      sizes.add(Files.size(file.file()));
    }
    assertThat(sizes).as("%s", sizes).allMatch(size -> size <= MOST_BYTES);
    assertThat(sizes.stream().filter(size -> size < MOST_BYTES - held))
        .as("%s", sizes)
        .hasSizeLessThan(TASKS + LARGE_ROWS + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "plain-csv",
    "plain-gzip",
    "plain-ndjson",
    "plain-json",
    "single-csv",
    "single-gzip",
    "single-ndjson",
    "single-json",
    "single-parquet",
    "single-avro"
  })
  void oneFileIsInOrderAndNumberedFromOneToTheEnd(String destination) throws Exception {
    List<Counted> files = counted(destination);
    assertThat(files).hasSize(1);
    requireWhole(files);
  }

  @ParameterizedTest
  @CsvSource({"single", "plain"})
  void oneFileIsOneGzipMember(String kind) throws Exception {
    byte[] gzip = Files.readAllBytes(files(kind + "-gzip").get(0));
    assertThat(Received.firstMember(gzip))
        .isEqualTo(Files.readAllBytes(files(kind + "-csv").get(0)));
  }

  /** Marked and headed once, whoever writes its parts. */
  @Test
  void oneFileInAnotherCharsetIsTheSameText() throws Exception {
    assertThat(Files.readString(files("plain-utf").get(0), StandardCharsets.UTF_16LE))
        .isEqualTo("\uFEFF" + Files.readString(files("plain-csv").get(0)));
  }

  /** Entries that do not fit into memory. */
  @ParameterizedTest
  @CsvSource({"zip", "tgz"})
  void anArchiveHoldsTheOneFile(String encoding) throws Exception {
    Path archive = files("single-" + encoding).get(0);
    byte[] content =
        encoding.equals("zip")
            ? new Tool("unzip").out("-p", archive.toString())
            : new Tool("tar").out("-xzOf", archive.toString());
    assertThat(content).isEqualTo(Files.readAllBytes(files("single-csv").get(0)));
  }

  @ParameterizedTest
  @CsvSource({"zip", "tar"})
  void anArchiveHoldsEachFileOfASplit(String encoding) throws Exception {
    Path archive = files("rows-" + encoding).get(0);
    Tool tool = new Tool(encoding.equals("zip") ? "unzip" : "tar");
    Path out = Files.createDirectory(directory.resolve("unpacked-" + encoding));
    if (encoding.equals("zip")) {
      tool.out("-q", archive.toString(), "-d", out.toString());
    } else {
      tool.out("-xf", archive.toString(), "-C", out.toString());
    }
    List<Counted> files = new ArrayList<>();
    try (Stream<Path> unpacked = Files.list(out)) {
      for (Path file : unpacked.sorted().toList()) {
        assertThat(file.getFileName().toString())
            .isEqualTo(
                "splits_%07d.%s"
                    .formatted(files.size() + 1, encoding.equals("zip") ? "csv" : "ndjson"));
        files.add(duckDb(file, source(encoding.equals("zip") ? "csv" : "ndjson", file)));
      }
    }
    requireWhole(files);
    assertThat(files).hasSize((ROWS + MOST_ROWS - 1) / MOST_ROWS);
  }
}
