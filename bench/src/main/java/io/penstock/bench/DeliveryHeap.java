package io.penstock.bench;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.StoreLocation;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A JVM of its own that delivers and prints the most heap that was in use after a full collection
 * meanwhile, in bytes. Arguments: a folder of Parquet files, a folder for what is delivered, which
 * of {@link #DELIVERIES}, how often.
 */
public final class DeliveryHeap {
  static final Map<String, Delivery> DELIVERIES =
      new TreeMap<>(
          Map.of(
              "csv.gz",
              Delivery.files(Delivery.CSV, Encoding.GZIP, "csv.gz"),
              "csv.gz.single",
              Delivery.single(Delivery.CSV, Encoding.GZIP, "part.csv.gz")));

  private DeliveryHeap() {}

  public static void main(String[] arguments) throws Exception {
    StoreLocation target = new StoreLocation.Directory(Path.of(arguments[1]).toString());
    Delivery delivery = delivery(arguments[2]);
    int times = Integer.parseInt(arguments[3]);
    try (SparkSession spark = BenchSession.open("delivery-heap")) {
      Dataset<Row> rows = spark.read().parquet(arguments[0]);
      delivery.run(spark, rows.limit(1), target);
      HeapSampler sampler = new HeapSampler();
      sampler.start();
      for (int i = 0; i < times; i++) {
        delivery.run(spark, rows, target);
      }
      System.out.println(sampler.peak());
    }
  }

  private static Delivery delivery(String name) {
    Delivery delivery = DELIVERIES.get(name);
    if (delivery == null) {
      throw new IllegalArgumentException("no delivery is named " + name);
    }
    return delivery;
  }
}
