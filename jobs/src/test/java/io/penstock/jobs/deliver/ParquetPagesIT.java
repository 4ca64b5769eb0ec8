package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.OutputFormat.Codec;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages and dictionaries of all sizes, whose buffers go from one to the next. */
class ParquetPagesIT {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final int COLUMNS = 40;
  private static final List<String> TYPES =
      List.of("bigint", "int", "double", "decimal(12,2)", "date", "string", "smallint");

  @TempDir private Path folder;

  /** Readers of a broken page may go on for ever. */
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void holdTheValues(long seed) {
    Random random = new Random(seed);
    String[] columns =
        IntStream.range(0, COLUMNS).mapToObj(i -> column(random, i)).toArray(String[]::new);
    Dataset<Row> rows =
        SPARK.range(0, 1000 + random.nextInt(30_000), 1, 1).selectExpr(columns).cache();
    Codec codec = seed % 2 == 0 ? Codec.NONE : Codec.SNAPPY;
    deliver(rows, Plans.csv(folder).as(new OutputFormat.Parquet(codec)));

    Dataset<Row> read = SPARK.read().parquet(folder.toString());

    assertThat(digest(read)).isEqualTo(digest(rows));
    assertThat(read.exceptAll(rows).isEmpty()).isTrue();
    rows.unpersist();
  }

  /** Two tasks begin and end files all the time; none may get buffers of the other's. */
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @Test
  void holdTheValuesOfFilesThatAreWrittenAtOneTime() {
    Random random = new Random(7);
    String[] columns =
        Stream.concat(
                Stream.of("pmod(id, 200) AS part"),
                IntStream.range(0, 12).mapToObj(i -> column(random, i)))
            .toArray(String[]::new);
    String[] names = IntStream.range(0, 12).mapToObj(i -> "c" + i).toArray(String[]::new);
    Dataset<Row> rows = SPARK.range(0, 200_000, 1, 2).selectExpr(columns).cache();
    deliver(rows, Plans.csv(folder).as(new OutputFormat.Parquet(Codec.SNAPPY)).by("part"));

    Dataset<Row> read = SPARK.read().parquet(folder.toString());

    assertThat(digest(read.selectExpr(names))).isEqualTo(digest(rows.selectExpr(names)));
    rows.unpersist();
  }

  /** Of any number of different values, from one to thousands; NULL now and then in some. */
  private static String column(Random random, int number) {
    int distinct = 1 << random.nextInt(14);
    String type = TYPES.get(random.nextInt(TYPES.size()));
    String value = "pmod(xxhash64(id, %d), %d)".formatted(number, distinct);
    String typed =
        type.equals("date")
            ? "date_add(date'1990-01-01', cast(" + value + " AS int))"
            : "cast(" + value + " AS " + type + ")";
    String nulls = random.nextInt(3) == 0 ? "if(id % 7 = 3, null, " + typed + ")" : typed;
    return nulls + " AS c" + number;
  }

  private static void deliver(Dataset<Row> rows, Plans plans) {
    DeliveryEngine engine = new DeliveryEngine(SPARK, secret -> "");
    try (StagedDelivery staged = engine.stage(rows, plans.plan())) {
      staged.publish();
      staged.finish();
    }
  }

  private static Row digest(Dataset<Row> rows) {
    return rows.selectExpr("count(*)", "sum(cast(xxhash64(*) AS decimal(20,0)))").first();
  }
}
