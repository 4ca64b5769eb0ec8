package io.penstock.jobs.testing;

import org.apache.spark.sql.SparkSession;

/** The one session that the tests of a JVM share. */
public final class LocalSpark {
  private static final SparkSession SESSION = start();

  private LocalSpark() {}

  public static SparkSession session() {
    return SESSION;
  }

  private static SparkSession start() {
    return SparkSession.builder()
        .master("local[2, 3]")
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse")
        .getOrCreate();
  }
}
