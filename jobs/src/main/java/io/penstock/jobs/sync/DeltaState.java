package io.penstock.jobs.sync;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.run.SyncResult;
import io.penstock.common.run.SyncResultJson;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State in Delta tables below {@code <path>/<job>/}.
 *
 * <ul>
 *   <li>{@code state.json}: the document;
 *   <li>{@code snapshot/<number>}, {@code failed_keys/<number>}: a table for each sync that is
 *       current or under way;
 *   <li>{@code sync_log}: a table with a row for each sync that is done.
 * </ul>
 */
public final class DeltaState implements SyncState {
  private static final Logger LOG = LoggerFactory.getLogger(DeltaState.class);
  private static final String SNAPSHOT = "snapshot";
  private static final String FAILED_KEYS = "failed_keys";
  private static final StructType LOG_TYPE =
      new StructType()
          .add("sync", DataTypes.LongType)
          .add("run_id", DataTypes.StringType)
          .add("ended_at", DataTypes.TimestampType)
          .add("full", DataTypes.StringType)
          .add("inserted", DataTypes.LongType)
          .add("updated", DataTypes.LongType)
          .add("deleted", DataTypes.LongType)
          .add("unchanged", DataTypes.LongType)
          .add("failed", DataTypes.LongType)
          .add("checkpoint", DataTypes.StringType)
          .add("result", DataTypes.StringType);

  private final SparkSession spark;
  private final ObjectStore store;
  private final String job;
  private final String place;

  /**
   * @param location of the state of all jobs
   * @param store opened on the location; closed with this
   */
  public DeltaState(SparkSession spark, StoreLocation location, ObjectStore store, String job) {
    this.spark = spark;
    this.store = store;
    this.job = job;
    this.place = root(location) + "/" + job;
  }

  private static String root(StoreLocation location) {
    if (location instanceof StoreLocation.Bucket bucket) {
      return "s3a://" + bucket.bucket() + (bucket.prefix().isEmpty() ? "" : "/" + bucket.prefix());
    }
    return "file://" + ((StoreLocation.Directory) location).path();
  }

  @Override
  public String place() {
    return store.address(job);
  }

  private String documentKey() {
    return job + "/state.json";
  }

  private String table(String kind, long number) {
    return place + "/" + kind + "/" + number;
  }

  @Override
  public Optional<String> document() {
    try {
      return store.read(documentKey()).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw SyncProblems.unreadable(
          place(), "the store answers with " + e.getClass().getSimpleName(), e);
    }
  }

  @Override
  public void replace(Optional<String> expected, String document) {
    if (!document().equals(expected)) {
      throw SyncProblems.held(place());
    }
    try {
      store.put(documentKey(), document.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw SyncProblems.unwritable(place(), e);
    }
  }

  @Override
  public Dataset<Row> snapshot(long number) {
    return read(table(SNAPSHOT, number));
  }

  @Override
  public void writeSnapshot(long number, Dataset<Row> rows) {
    write(rows, table(SNAPSHOT, number));
  }

  @Override
  public Dataset<Row> failedKeys(long number) {
    return read(table(FAILED_KEYS, number));
  }

  @Override
  public void writeFailedKeys(long number, Dataset<Row> rows) {
    write(rows, table(FAILED_KEYS, number));
  }

  private Dataset<Row> read(String path) {
    try {
      return spark.read().format("delta").load(path);
    } catch (Exception e) {
      throw SyncProblems.unreadable(path, "there is no Delta table that can be read", e);
    }
  }

  /** What an attempt that died has left there may have another schema. */
  private void write(Dataset<Row> rows, String path) {
    remove(new Path(path));
    rows.write().format("delta").mode(SaveMode.Overwrite).save(path);
  }

  @Override
  public void log(String runId, SyncResult result, Instant at) {
    Row row =
        RowFactory.create(
            result.number(),
            runId,
            Timestamp.from(at),
            result.full().orElse(null),
            result.inserted(),
            result.updated(),
            result.deleted(),
            result.unchanged(),
            result.failed(),
            result.checkpoint().orElse(null),
            SyncResultJson.node(result).toString());
    spark
        .createDataFrame(List.of(row), LOG_TYPE)
        .coalesce(1)
        .write()
        .format("delta")
        .mode(SaveMode.Append)
        .save(place + "/sync_log");
  }

  @Override
  public void keepOnly(long number) {
    for (String kind : List.of(SNAPSHOT, FAILED_KEYS)) {
      try {
        Path folder = new Path(place, kind);
        FileSystem files = fileSystem(folder);
        if (files.exists(folder)) {
          for (FileStatus table : files.listStatus(folder)) {
            if (!table.getPath().getName().equals(Long.toString(number))) {
              files.delete(table.getPath(), true);
            }
          }
        }
      } catch (IOException e) {
        LOG.warn("The state of earlier syncs stays at {}: {}", place(), e.getMessage());
      }
    }
  }

  private void remove(Path table) {
    try {
      fileSystem(table).delete(table, true);
    } catch (IOException e) {
      throw SyncProblems.unwritable(place(), e);
    }
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(spark.sessionState().newHadoopConf());
  }

  @Override
  public boolean isBehind(Throwable failure) {
    String path = new Path(place).toUri().getPath();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (String.valueOf(each.getMessage()).contains(path + "/")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    store.close();
  }
}
