package io.penstock.bench;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.StoreLocation;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.List;
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

  private static final long PAUSE_MILLIS = 50;

  private DeliveryHeap() {}

  public static void main(String[] arguments) throws Exception {
    StoreLocation target = new StoreLocation.Directory(Path.of(arguments[1]).toString());
    Delivery delivery = delivery(arguments[2]);
    int times = Integer.parseInt(arguments[3]);
    try (SparkSession spark = BenchSession.open("delivery-heap")) {
      Dataset<Row> rows = spark.read().parquet(arguments[0]);
      delivery.run(spark, rows.limit(1), target);
      Sampler sampler = new Sampler();
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

  /** Collects again and again, and keeps the most that was left. */
  private static final class Sampler extends Thread {
    private final List<MemoryPoolMXBean> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private volatile boolean ended;
    private long most;

    Sampler() {
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!ended) {
        System.gc();
        most = Math.max(most, left());
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private long left() {
      long bytes = 0;
      for (MemoryPoolMXBean pool : pools) {
        MemoryUsage usage = pool.getCollectionUsage();
        bytes += usage == null ? 0 : usage.getUsed();
      }
      return bytes;
    }

    long peak() throws InterruptedException {
      ended = true;
      join();
      return most;
    }
  }
}
