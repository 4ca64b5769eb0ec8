package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.OutputFormat;
import io.penstock.jobs.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which plans give batches; what is made of them is compared with rows in the matrix tests. */
class BatchRecordsIT {
  private static final int ROWS = 10_000;

  @TempDir static Path directory;

  private final Dataset<Row> stored =
      LocalSpark.session().read().parquet(directory.resolve("rows").toString());

  @BeforeAll
  static void write() {
    SparkSession spark = LocalSpark.session();
    spark
        .range(0, ROWS, 1, 2)
        .selectExpr("id AS a", "concat('x', id % 5) AS b", "if(id % 2 = 0, id, null) AS c")
        .write()
        .parquet(directory.resolve("rows").toString());
  }

  @Test
  void columnsThatAreChosenOrderedAndRenamedAreReadAsBatches() {
    List<String> plain = lines(stored);
    assertThat(plain).hasSize(ROWS).contains("7,x2,", "8,x3,8");
    assertThat(lines(stored.selectExpr("c AS last", "a", "a AS again")))
        .hasSize(ROWS)
        .contains(",7,7", "8,8,8");
  }

  @Test
  void whatIsComputedOrFilteredIsNot() {
    assertThat(records(stored.selectExpr("a + 1", "b"))).isEmpty();
    assertThat(records(stored.where("a > 5"))).isEmpty();
    assertThat(records(stored.repartition(2))).isEmpty();
    assertThat(records(LocalSpark.session().range(3).toDF())).isEmpty();
  }

  private static List<String> lines(Dataset<Row> rows) {
    Dataset<Row> records = records(rows).orElseThrow();
    List<String> lines = new ArrayList<>();
    long counted = 0;
    for (Row row : records.collectAsList()) {
      lines.addAll(row.getString(0).lines().toList());
      counted += row.getInt(1);
    }
    assertThat(counted).isEqualTo(lines.size());
    assertThat(records.count()).isLessThan(counted / 100);
    return lines;
  }

  private static Optional<Dataset<Row>> records(Dataset<Row> rows) {
    OutputFormat csv = new OutputFormat.Text("csv", io.penstock.common.text.TextDialect.csv());
    RecordForm.Recipe recipe = new RecordForm.Recipe(csv, rows.schema(), false);
    StructType result = StructType.fromDDL("record STRING, records INT");
    List<Integer> all = IntStream.range(0, rows.columns().length).boxed().toList();
    return BatchRecords.of(rows, all, new BatchRecords.Form(recipe, new byte[0], 1 << 12, result));
  }
}
