package io.penstock.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Writes the lake that {@code scripts/demo} reads: customer and nation as Delta tables, orders and
 * lineitem as Parquet. Arguments: the folder, the TPC-H scale.
 */
public final class DemoLake {
  private DemoLake() {}

  public static void main(String[] arguments) throws java.io.IOException {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    double scale = Double.parseDouble(arguments[1]);
    try (SparkSession spark = BenchSession.open("demo-lake")) {
      TpchData data = new TpchData(spark, scale);
      for (String table : new String[] {"customer", "nation"}) {
        data.table(table).write().format("delta").save(folder.resolve(table).toString());
      }
      for (String table : new String[] {"orders", "lineitem"}) {
        data.table(table).write().parquet(folder.resolve(table).toString());
      }
    }
    Files.writeString(folder.resolve("scale"), arguments[1]);
  }
}
