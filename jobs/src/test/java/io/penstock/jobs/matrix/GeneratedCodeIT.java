package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Records are the same bytes whoever makes them: code for a whole stage, code for a projection, or
 * none at all; and whenever, if run id and rows are the same.
 */
class GeneratedCodeIT {
  private static final String RUN = "r1";
  private static final int WIDE = 150;
  private static final Map<String, String> MAKERS =
      Map.of(
          "stage", "",
          "projection", "\"spark.sql.codegen.wholeStage\" = \"false\"",
          "interpreter",
              "\"spark.sql.codegen.wholeStage\" = \"false\","
                  + " \"spark.sql.codegen.factoryMode\" = \"NO_CODEGEN\"");
  private static final List<String> FORMATS =
      List.of(
          "csv { format = csv, row-number-column = row_number, text { null = \"<none>\" } }",
          "quoted { format = csv, text { quote-mode = all-non-null, date-format = \"dd.MM.yyyy\" } }",
          "ndjson { format = ndjson }",
          "json { format = json }",
          "avro { format = avro }");
  private static final List<String> REPEATED =
      List.of(
          "csv { format = csv, row-number-column = row_number, files { split { rows = 20 } } }",
          "csv-gzip { format = csv, encoding = gzip }",
          "ndjson { format = ndjson }",
          "json { format = json, encoding = gzip }",
          "avro { format = avro, codec = zstd }",
          "parquet { format = parquet }",
          "zip { format = csv, encoding = zip, files { split { rows = 20 } } }",
          "tar { format = ndjson, encoding = tar, files { split { rows = 20 } } }",
          "tgz { format = avro, encoding = tgz, file-name = \"matrix.tgz\" }");

  /** Of a source that is delivered as it is, so that records come straight from its batches. */
  private static final List<String> OF_BATCHES =
      List.of(
          "csv { format = csv }",
          "numbered { format = csv, row-number-column = row_number, encoding = gzip }",
          "quoted { format = psv, text { quote-mode = all } }",
          "ndjson { format = ndjson, files = single }",
          "json { format = json, files = single, encoding = gzip }",
          "avro { format = avro }",
          "split { format = csv, files { split { rows = 700 } } }",
          "sized { format = ndjson, files { split { megabytes = 1 } } }",
          "zip { format = csv, encoding = zip }");

  private static final String ROW_BY_ROW =
      "spark { \"spark.sql.parquet.enableVectorizedReader\" = \"false\" }\n";

  @TempDir static Path directory;

  @BeforeAll
  static void deliver() throws Exception {
    TypeMatrix.write(directory.resolve("source"));
    List<Path> jobs = new ArrayList<>();
    for (Map.Entry<String, String> maker : MAKERS.entrySet()) {
      String spark = "spark { " + maker.getValue() + " }\n";
      jobs.add(job(maker.getKey(), spark + TypeMatrix.template(TypeMatrix.columns()), FORMATS));
      jobs.add(job("wide-" + maker.getKey(), spark + wide(), FORMATS));
    }
    for (String time : List.of("first", "again")) {
      jobs.add(job(time, TypeMatrix.template(TypeMatrix.columns()), REPEATED));
    }
    repeated();
    jobs.add(job("batches", "", OF_BATCHES, "repeated"));
    jobs.add(job("rows", ROW_BY_ROW, OF_BATCHES, "repeated"));
    Runs.succeed(jobs, "--run-id", RUN);
  }

  /** The rows often enough that Parquet makes dictionaries, and columns that outgrow them. */
  private static void repeated() {
    SparkSession spark = LocalSpark.session().newSession();
    spark.conf().set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED");
    spark.conf().set("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED");
    Dataset<Row> rows = spark.read().parquet(directory.resolve("source").toString());
    rows.drop("r_v_max")
        .crossJoin(spark.range(0, 300, 1, 1).toDF("nr"))
        .withColumn("spread", functions.expr("nr * 7919 + r_id"))
        .withColumn("label", functions.expr("if(nr % 3 = 0, null, concat('l,', nr % 7))"))
        .coalesce(1)
        .write()
        .parquet(directory.resolve("repeated").toString());
  }

  /** A job whose run has begun before, at an instant that all share. */
  private static Path job(String name, String body, List<String> destinations) throws IOException {
    return job(name, body, destinations, "source");
  }

  private static Path job(String name, String body, List<String> destinations, String source)
      throws IOException {
    StringBuilder job = new StringBuilder("job = matrix\nstate = \"state/" + name + "\"\n");
    job.append("sources { rows { format = parquet, path = " + source + " } }\n").append(body);
    for (String destination : destinations) {
      String word = destination.substring(0, destination.indexOf(' '));
      job.append("\ndestinations.")
          .append(
              destination.replaceFirst(
                  "\\{", "{ type = s3, directory = \"out/" + name + "/" + word + "\","));
    }
    Path state = directory.resolve("state").resolve(name).resolve("runs/matrix/" + RUN);
    Files.createDirectories(state);
    Files.writeString(state.resolve("started.json"), "{\"now\":\"2026-11-20T10:20:31Z\"}");
    return Files.writeString(directory.resolve(name + ".conf"), job);
  }

  /** More columns than Spark makes whole-stage code for, of every type. */
  private static String wide() {
    List<MatrixColumn> columns = TypeMatrix.columns();
    String query =
        IntStream.range(0, WIDE)
            .mapToObj(i -> "r_" + columns.get(i % columns.size()).name() + " AS c" + i)
            .collect(Collectors.joining(", ", "query = \"SELECT r_id AS id, ", " FROM rows\"\n"));
    return query
        + IntStream.range(0, WIDE)
            .mapToObj(
                i ->
                    "{ name = \"c%d\", from = \"c%d\", type = \"%s\" }"
                        .formatted(i, i, columns.get(i % columns.size()).type()))
            .collect(
                Collectors.joining(
                    "\n",
                    "template { columns = [\n{ name = \"id\", from = \"id\", type = \"integer\" }\n",
                    "\n] }\n"));
  }

  /** The files of a job's destination, and a digest that a failure can show. */
  private static Map<String, String> files(String job, String destination) throws Exception {
    Path out = directory.resolve("out").resolve(job).resolve(destination);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(out)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        byte[] digest =
            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        files.put(
            out.relativize(file).toString(),
            Files.size(file) + " " + HexFormat.of().formatHex(digest));
      }
    }
    assertThat(files).as(job + " " + destination).hasSizeGreaterThan(1);
    return files;
  }

  @ParameterizedTest
  @CsvSource({
    "csv,projection", "csv,interpreter",
    "quoted,projection", "quoted,interpreter",
    "ndjson,projection", "ndjson,interpreter",
    "json,projection", "json,interpreter",
    "avro,projection", "avro,interpreter"
  })
  void theBytesAreThoseOfWholeStageCode(String format, String maker) throws Exception {
    assertThat(files(maker, format)).isEqualTo(files("stage", format));
    assertThat(files("wide-" + maker, format)).isEqualTo(files("wide-stage", format));
  }

  @ParameterizedTest
  @CsvSource({"csv", "numbered", "quoted", "ndjson", "json", "avro", "split", "sized", "zip"})
  void batchesMakeTheBytesOfRows(String destination) throws Exception {
    assertThat(files("batches", destination)).isEqualTo(files("rows", destination));
  }

  @ParameterizedTest
  @CsvSource({"csv", "csv-gzip", "ndjson", "json", "avro", "parquet", "zip", "tar", "tgz"})
  void theSameRunMakesTheSameBytes(String destination) throws Exception {
    assertThat(files("again", destination)).isEqualTo(files("first", destination));
  }

  @Test
  void aWideTableIsReadBack() throws Exception {
    try (DuckDb duckDb = new DuckDb()) {
      Path file = directory.resolve("out/wide-stage/ndjson");
      assertThat(duckDb.count("read_json('" + file + "/*.ndjson', format = 'newline_delimited')"))
          .isEqualTo(TypeMatrix.rows());
    }
    Path file = directory.resolve("out/wide-stage/csv/matrix_0000001.csv");
    assertThat(Files.lines(file).findFirst().orElseThrow().split(",")).hasSize(WIDE + 2);
  }
}
