package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.OutputFormat.Codec;
import io.penstock.common.config.WriteMode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.Packing;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDeliveryIT {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path directory;

  private static DeliveryEngine engine() {
    return new DeliveryEngine(SPARK, secret -> "unused");
  }

  private static DestinationResult deliver(Dataset<Row> rows, Plans plans) {
    try (StagedDelivery staged = engine().stage(rows, plans.plan())) {
      DestinationResult result = staged.publish();
      staged.finish();
      return result;
    }
  }

  private List<String> visible() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static Dataset<Row> numbers(int count) {
    return SPARK.range(0, count, 1, 2).selectExpr("id", "concat('name ', id) as name");
  }

  @Test
  void writesCsv() throws IOException {
    DestinationResult result = deliver(numbers(2).coalesce(1), Plans.csv(directory));
    assertThat(visible()).containsExactly(".DONE", "rows_0000001.csv");
    assertThat(directory.resolve("rows_0000001.csv")).hasContent("id,name\n0,name 0\n1,name 1\n");
    assertThat(result.rows()).isEqualTo(2);
    assertThat(result.bytes()).isEqualTo(Files.size(directory.resolve("rows_0000001.csv")));
    assertThat(result.doneFile()).contains(".DONE");
  }

  @Test
  void nothingIsVisibleBeforePublishingAndTheDoneFileIsLast() throws IOException {
    try (StagedDelivery staged = engine().stage(numbers(100), Plans.csv(directory).plan())) {
      assertThat(staged.rows()).isEqualTo(100);
      assertThat(visible()).allMatch(name -> name.startsWith(".penstock-staging/"));
      staged.publish();
      assertThat(visible()).contains("rows_0000001.csv").doesNotContain(".DONE");
      staged.finish();
      assertThat(visible()).contains(".DONE");
    }
    assertThat(directory.resolve(".penstock-staging")).doesNotExist();
  }

  @Test
  void closingWithoutPublishingLeavesNothing() throws IOException {
    engine().stage(numbers(100), Plans.csv(directory).plan()).close();
    assertThat(visible()).isEmpty();
    assertThat(directory.resolve(".penstock-staging")).doesNotExist();
  }

  @Test
  void writesParquet() throws IOException {
    deliver(numbers(100), Plans.csv(directory).as(new OutputFormat.Parquet(Codec.SNAPPY)));
    assertThat(SPARK.read().parquet(directory.toString()).count()).isEqualTo(100);
  }

  @Test
  void overwriteRemovesWhatAnEarlierRunWroteAndNothingElse() throws IOException {
    Files.writeString(directory.resolve("rows_0000007.csv"), "stale");
    Files.writeString(directory.resolve("rows_7.csv"), "not ours");
    Files.writeString(directory.resolve("other.csv"), "not ours");
    deliver(numbers(2).coalesce(1), Plans.csv(directory));
    assertThat(visible()).containsExactly(".DONE", "other.csv", "rows_0000001.csv", "rows_7.csv");
  }

  @Test
  void overwriteTakesTheDoneFileAwayBeforeAnythingElse() throws IOException {
    deliver(numbers(2), Plans.csv(directory));
    try (StagedDelivery staged = engine().stage(numbers(2), Plans.csv(directory).plan())) {
      assertThat(visible()).contains(".DONE");
      staged.publish();
      assertThat(visible()).doesNotContain(".DONE");
    }
  }

  @Test
  void failIfExistsRefusesBeforeReading() {
    Plans once = Plans.csv(directory).mode(WriteMode.FAIL_IF_EXISTS);
    deliver(numbers(2), once);
    assertThatThrownBy(
            () -> deliver(numbers(2).selectExpr("cast(raise_error('read') as string) as a"), once))
        .isInstanceOfSatisfying(
            PenstockException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_TARGET_EXISTS));
  }

  @Test
  void emptyResultIsAHeader() throws IOException {
    DestinationResult result = deliver(numbers(10).where("id < 0"), Plans.csv(directory));
    assertThat(result.rows()).isZero();
    assertThat(visible()).containsExactly(".DONE", "rows_0000001.csv");
    assertThat(directory.resolve("rows_0000001.csv")).hasContent("id,name\n");
  }

  @Test
  void partitionColumnsBecomeDirectories() throws IOException {
    Dataset<Row> rows =
        SPARK.sql(
            "select * from values (1, 'a/b', 'x'), (2, null, 'y'), (3, '', 'z'), (4, 'é =', 'w')"
                + " as t(id, part, name)");
    DestinationResult result = deliver(rows, Plans.csv(directory).by("PART"));
    assertThat(result.files()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(
            result.files().stream().map(file -> file.key().substring(0, file.key().indexOf('/'))))
        .contains("part=a%2Fb", "part=__HIVE_DEFAULT_PARTITION__", "part=é %3D");
    Dataset<Row> back = SPARK.read().option("header", true).csv(directory.toString()).orderBy("id");
    assertThat(back.collectAsList().toString())
        .isEqualTo("[[1,x,a/b], [2,y,null], [3,z,null], [4,w,é =]]");
  }

  @Test
  void oneNameIsOneFile() throws IOException {
    deliver(numbers(1000), Plans.csv(directory).named(new FileName("all.csv", "", false)));
    assertThat(visible()).containsExactly(".DONE", "all.csv");
    assertThat(Files.readAllLines(directory.resolve("all.csv"))).hasSize(1001);
  }

  @Test
  void oneNameKeepsTheOrderOfTheRows() throws IOException {
    Dataset<Row> ordered = numbers(1000).orderBy(functions.col("id").desc());
    deliver(ordered, Plans.csv(directory).named(new FileName("all.csv", "", false)));
    List<String> lines = Files.readAllLines(directory.resolve("all.csv"));
    assertThat(lines.get(1)).isEqualTo("999,name 999");
    assertThat(lines.get(1000)).isEqualTo("0,name 0");
  }

  @Test
  void appendReplacesNothing() throws IOException {
    Plans plans =
        Plans.csv(directory).mode(WriteMode.APPEND).named(new FileName("all.csv", "", false));
    deliver(numbers(2), plans);
    assertThatThrownBy(() -> deliver(numbers(3), plans))
        .isInstanceOfSatisfying(
            PenstockException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_TARGET_EXISTS));
    assertThat(Files.readAllLines(directory.resolve("all.csv"))).hasSize(3);
    deliver(numbers(3), plans.named(new FileName("run2_", ".csv", true)));
    assertThat(visible()).contains("all.csv", "run2_0000001.csv");
  }

  @Test
  void oneNameInPartitionsIsOneFileInEach() throws IOException {
    Dataset<Row> rows = numbers(1000).selectExpr("id % 7 as part", "id");
    deliver(rows, Plans.csv(directory).by("part").named(new FileName("all.csv", "", false)));
    assertThat(visible()).hasSize(8).contains("part=0/all.csv", "part=6/all.csv");
  }

  @Test
  void twoFilesUnderOneKeyAreRefused() throws IOException {
    Dataset<Row> rows =
        SPARK.sql(
            "select id, a, b from values (null), ('') as t(a), values ('x'), ('y') as u(b),"
                + " values (1) as v(id)");
    assertThatThrownBy(
            () ->
                deliver(
                    rows,
                    Plans.csv(directory).by("a", "b").named(new FileName("all.csv", "", false))))
        .isInstanceOfSatisfying(
            PenstockException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_KEY_REFUSED));
    assertThat(visible()).isEmpty();
  }

  @Test
  void aRowNumberIsNoColumnOfTheRowsNorOneThatMakesFolders() {
    for (String name : List.of("ID", "part")) {
      DeliveryPlan plan = numbered(Plans.csv(directory).by("part").plan(), name);
      Dataset<Row> rows = numbers(3).selectExpr("id % 2 as part", "id");
      assertThatThrownBy(() -> DeliveryEngine.requireDeliverable(rows.schema(), plan, SPARK))
          .isInstanceOfSatisfying(
              PenstockException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID_VALUE);
                assertThat(e.problem()).contains("row-number-column", name);
              });
    }
  }

  private static DeliveryPlan numbered(DeliveryPlan plan, String rowNumber) {
    return new DeliveryPlan(
        plan.destination(),
        plan.location(),
        plan.fileName(),
        plan.format(),
        new Packing(new FileCount.Auto(), Encoding.NONE, null, rowNumber, plan.packing().time()),
        plan.pgp(),
        plan.grouping(),
        plan.partitionBy(),
        plan.mode(),
        plan.doneFile(),
        plan.manifest());
  }

  @Test
  void noRowsMakeNoPartition() throws IOException {
    deliver(numbers(10).where("id < 0"), Plans.csv(directory).by("name"));
    assertThat(visible()).containsExactly(".DONE");
  }
}
