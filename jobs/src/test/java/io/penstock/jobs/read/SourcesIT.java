package io.penstock.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.SourceConfig.SourceFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.jobs.read.redshift.ReadContext;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.read.redshift.WarehouseReads;
import io.penstock.jobs.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format, by path and by name, and what is said where a source cannot be read. */
class SourcesIT {
  private static final SparkSession SPARK = LocalSpark.session();
  private final Sources sources =
      new Sources(
          SPARK,
          new WarehouseReads(
              new ReadContext(
                  new LocalSecrets(
                      secret -> {
                        throw new IllegalStateException("no secrets here");
                      }),
                  access -> {
                    throw new IllegalStateException("no staging here");
                  },
                  ReadFolder.ofLook(LocalSpark.job(List.of(), Optional.empty())))));

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static Dataset<Row> numbers(long end) {
    return SPARK.range(end).selectExpr("id", "concat('n', id) AS name");
  }

  private static SourceConfig files(String format, String path) {
    return new SourceConfig("s", new SourceFormat.Files(format, path, Optional.empty(), Map.of()));
  }

  private static SourceConfig delta(String path, Optional<Long> version, Optional<String> time) {
    return new SourceConfig("s", new SourceFormat.Delta(path, version, time));
  }

  private PenstockException failure(SourceConfig source) {
    return catchThrowableOfType(PenstockException.class, () -> sources.open(source));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "avro", "json", "csv"})
  void readsFiles(String format) {
    numbers(3).write().format(format).option("header", "true").save(path("data"));
    SourceConfig source =
        new SourceConfig(
            "s",
            new SourceFormat.Files(
                format,
                path("data"),
                Optional.of("id BIGINT, name STRING"),
                Map.of("header", "true")));
    assertThat(sources.open(source).orderBy("id").collectAsList())
        .extracting(Row::toString)
        .containsExactly("[0,n0]", "[1,n1]", "[2,n2]");
  }

  @Test
  void readsADeltaTableAsItIsAndAsItWas() {
    numbers(1).write().format("delta").save(path("d"));
    numbers(5).write().format("delta").mode("overwrite").save(path("d"));
    String first =
        SPARK
            .sql("DESCRIBE HISTORY delta.`" + path("d") + "`")
            .where("version = 0")
            .selectExpr("cast(timestamp AS string)")
            .head()
            .getString(0);
    assertThat(sources.open(delta(path("d"), Optional.empty(), Optional.empty())).count())
        .isEqualTo(5);
    assertThat(sources.open(delta(path("d"), Optional.of(0L), Optional.empty())).count())
        .isEqualTo(1);
    assertThat(sources.open(delta(path("d"), Optional.empty(), Optional.of(first))).count())
        .isEqualTo(1);
  }

  @Test
  void readsATableOfTheCatalog() {
    numbers(4).createOrReplaceTempView("registered");
    SourceConfig source = new SourceConfig("t", new SourceFormat.Table("registered"));
    assertThat(sources.open(source).count()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crm-2026", "two words", "select", "größe", "a`b", "dotted.name"})
  void namesAViewWhateverItsCharacters(String name) {
    numbers(2).write().parquet(path("p"));
    SourceConfig source =
        new SourceConfig(
            name, new SourceFormat.Files("parquet", path("p"), Optional.empty(), Map.of()));
    String query = "SELECT count(*) AS n FROM `" + name.replace("`", "``") + "`";
    assertThat(sources.query(LocalSpark.job(List.of(source), Optional.of(query))).head().getLong(0))
        .isEqualTo(2);
  }

  @Test
  void takesTheOneSourceWhereThereIsNoQuery() {
    numbers(2).write().parquet(path("p"));
    SourceConfig source = files("parquet", path("p"));
    assertThat(sources.query(LocalSpark.job(List.of(source), Optional.empty())).count())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "avro", "json", "csv"})
  void aMissingPathIsUnreadable(String format) {
    PenstockException failure = failure(files(format, path("none")));
    assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(failure.code().exitCode().status()).isEqualTo(4);
    assertThat(failure.problem()).contains("source s", path("none"));
    assertThat(failure.reason()).isEqualTo("the path does not exist");
  }

  @Test
  void whatIsNoDeltaTableIsUnreadable() throws IOException {
    numbers(1).write().parquet(path("p"));
    for (String name : List.of("p", "none")) {
      PenstockException failure = failure(delta(path(name), Optional.empty(), Optional.empty()));
      assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
      assertThat(failure.problem()).contains(path(name));
      assertThat(failure.reason()).isEqualTo("there is no Delta table at the path");
    }
  }

  @Test
  void versionsAndTimestampsThatDoNotExistAreUnreadable() {
    numbers(1).write().format("delta").save(path("d"));
    PenstockException version = failure(delta(path("d"), Optional.of(99L), Optional.empty()));
    assertThat(version.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(version.reason()).contains("no version 99");
    for (String time : List.of("1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "yesterdayish")) {
      PenstockException timestamp = failure(delta(path("d"), Optional.empty(), Optional.of(time)));
      assertThat(timestamp.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
      assertThat(timestamp.reason()).contains("no version at " + time);
    }
  }

  @Test
  void aTableThatTheCatalogLacksIsUnreadable() {
    PenstockException failure =
        failure(new SourceConfig("t", new SourceFormat.Table("nowhere.dims")));
    assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(failure.getMessage()).contains("nowhere");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "avro"})
  void aFileOfAnotherFormatIsUnreadable(String format) throws IOException {
    Files.createDirectory(directory.resolve("x"));
    Files.writeString(directory.resolve("x/part." + format), "no such thing\n".repeat(50));
    PenstockException failure = failure(files(format, path("x")));
    assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(failure.reason()).contains("not " + format);
  }

  @Test
  void aFileDamagedAfterOpeningIsTranslated() throws IOException {
    numbers(100).coalesce(1).write().parquet(path("p"));
    Dataset<Row> rows = sources.open(files("parquet", path("p")));
    try (var listing = Files.list(directory.resolve("p"))) {
      for (Path file : listing.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, (byte) 7);
        Files.write(file, bytes);
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
      }
    }
    Throwable thrown = catchThrowableOfType(Exception.class, rows::collectAsList);
    PenstockException failure = SparkFailures.translate(thrown, "counting rows");
    assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
  }

  @Test
  void aFileGoneAfterOpeningIsTranslated() throws IOException {
    numbers(100).coalesce(1).write().parquet(path("p"));
    Dataset<Row> rows = sources.open(files("parquet", path("p")));
    try (var listing = Files.list(directory.resolve("p"))) {
      for (Path file : listing.toList()) {
        Files.delete(file);
      }
    }
    Throwable thrown = catchThrowableOfType(Exception.class, rows::collectAsList);
    PenstockException failure = SparkFailures.translate(thrown, "counting rows");
    assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(failure.remedy()).contains("went away");
  }

  @Test
  void valuesInSparksMessagesAreLeftOut() {
    Dataset<Row> rows =
        SPARK.sql(
            "SELECT assert_true(v = 'x', concat('hidden ', v)) FROM VALUES ('secret-42') AS t(v)");
    Throwable thrown = catchThrowableOfType(Exception.class, rows::collectAsList);
    assertThat(thrown).hasStackTraceContaining("secret-42");
    PenstockException failure = SparkFailures.translate(thrown, "reading rows");
    assertThat(failure.code()).isEqualTo(ErrorCode.UNEXPECTED);
    java.io.StringWriter trace = new java.io.StringWriter();
    failure.printStackTrace(new java.io.PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("secret-42");
  }

  @Test
  void aCastThatFailsInAnsiModeIsABadValue() {
    Dataset<Row> rows = SPARK.sql("SELECT to_number(v, '999') FROM VALUES ('secret-42') AS t(v)");
    Throwable thrown = catchThrowableOfType(Exception.class, rows::collectAsList);
    PenstockException failure = SparkFailures.translate(thrown, "reading rows");
    assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_BAD_VALUE);
    assertThat(failure.getMessage()).doesNotContain("secret-42");
  }

  @Test
  void aQueryThatSparkRefusesSaysWhereAndWhat() {
    numbers(1).write().parquet(path("p"));
    SourceConfig source = files("parquet", path("p"));
    for (String query :
        List.of("SELECT idd FROM s", "SELECT id FROM s WHERE id =", "SELECT id FROM missing")) {
      PenstockException failure =
          catchThrowableOfType(
              PenstockException.class,
              () -> sources.query(LocalSpark.job(List.of(source), Optional.of(query))));
      assertThat(failure.code()).isEqualTo(ErrorCode.QUERY_INVALID);
      assertThat(failure.reason()).contains("line 1");
    }
    PenstockException suggestion =
        catchThrowableOfType(
            PenstockException.class,
            () -> sources.query(LocalSpark.job(List.of(source), Optional.of("SELECT idd FROM s"))));
    assertThat(suggestion.reason()).contains("`id`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP VIEW s",
        "CREATE TABLE z (a INT)",
        "INSERT INTO s VALUES (1, 'a')",
        "SET spark.sql.ansi.enabled = true",
        "DELETE FROM s"
      })
  void aQueryOnlyReads(String statement) {
    numbers(1).write().parquet(path("p"));
    PenstockException failure =
        catchThrowableOfType(
            PenstockException.class,
            () ->
                sources.query(
                    LocalSpark.job(List.of(files("parquet", path("p"))), Optional.of(statement))));
    assertThat(failure.code()).isEqualTo(ErrorCode.QUERY_INVALID);
    assertThat(failure.problem()).contains("changes something");
  }

  @Test
  void s3PathsAreReadThroughS3a() {
    assertThat(SourcePath.of("s3://lake/customers")).isEqualTo("s3a://lake/customers");
    assertThat(SourcePath.of("s3a://lake/customers")).isEqualTo("s3a://lake/customers");
  }
}
