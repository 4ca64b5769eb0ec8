package io.penstock.jobs.testing;

import io.penstock.common.config.AccessPolicy;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RejectsConfig;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.StoreLocation;
import io.penstock.jobs.session.SessionOptions;
import io.penstock.jobs.session.Sessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The one small Spark session of a test JVM, built as the application builds its own. A task that
 * fails is tried three times.
 */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session; it stays until the JVM ends. */
  public static SparkSession session() {
    return Holder.SESSION;
  }

  /** A job file that reads the sources and delivers nowhere. */
  public static JobFile job(List<SourceConfig> sources, Optional<String> query) {
    return new JobFile(
        "test",
        sources,
        query,
        Optional.empty(),
        new RejectsConfig(Optional.empty(), 0),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        AccessPolicy.none(),
        new StoreLocation.Directory("/nowhere"),
        Optional.empty(),
        Map.of());
  }

  private static final class Holder {
    static final SparkSession SESSION = open();

    private static SparkSession open() {
      SparkSession session =
          Sessions.open(
                  job(List.of(), Optional.empty()),
                  new SessionOptions(
                      "local[2, 3]",
                      Map.of(
                          "spark.sql.shuffle.partitions", "2",
                          "spark.databricks.delta.snapshotPartitions", "1",
                          "spark.sql.warehouse.dir", warehouse())))
              .spark();
      session.sparkContext().setLogLevel("OFF");
      return session;
    }

    private static String warehouse() {
      try {
        Path directory = Files.createTempDirectory("penstock-warehouse");
        return directory.toUri().toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
