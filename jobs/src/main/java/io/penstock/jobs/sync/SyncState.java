package io.penstock.jobs.sync;

import io.penstock.common.run.SyncResult;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What is kept from one sync of a job to the next: for each sync a snapshot of its rows and the
 * keys that failed, and a document that says which sync is current. A failure to read is {@code
 * STATE_UNREADABLE}, and so is one to write.
 */
public interface SyncState extends AutoCloseable {

  /** What messages call the place. */
  String place();

  /** The document; empty where no sync has begun. */
  Optional<String> document();

  /**
   * Refuses a state that keeps the checkpoint beside the document too, and has another there.
   *
   * @param checkpoint of the document that was read last
   */
  default void requireCheckpoint(Optional<String> checkpoint) {}

  /**
   * Replaces the document.
   *
   * @throws io.penstock.common.error.PenstockException {@code TARGET_HELD} where it is not the one
   *     that was expected
   */
  void replace(Optional<String> expected, String document);

  /** The snapshot of a sync; its rows are read when the dataset is. */
  Dataset<Row> snapshot(long number);

  /** Writes the snapshot of a sync, instead of what is left of one that was not finished. */
  void writeSnapshot(long number, Dataset<Row> rows);

  /** The keys that failed in a sync. */
  Dataset<Row> failedKeys(long number);

  void writeFailedKeys(long number, Dataset<Row> rows);

  /** Notes a sync that is done in the log of syncs. */
  void log(String runId, SyncResult result, Instant at);

  /** Removes the rows of every other sync; does not fail. */
  void keepOnly(long number);

  /** Whether what failed was reading this state. */
  boolean isBehind(Throwable failure);

  @Override
  void close();
}
