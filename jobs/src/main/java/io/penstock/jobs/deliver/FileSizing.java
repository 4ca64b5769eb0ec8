package io.penstock.jobs.deliver;

import java.math.BigInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * How many files rows become. Files are for those who read them: about 128 MB of input each, fewer
 * than there are tasks where tasks are small, but never so few that processors idle over files of
 * more than 16 MB. Rows in a global order keep it, and with it their tasks.
 */
final class FileSizing {
  static final long TARGET_BYTES = 128L << 20;
  private static final long LEAST_BYTES = 16L << 20;

  /** Tasks of one file, of each of which the driver holds up to 10 MiB. */
  private static final int MOST_JOINED = 64;

  private FileSizing() {}

  /**
   * Rows whose partitions are the files-to-be, for a delivery without partition directories.
   *
   * @param arranged what tasks take of the rows
   * @param single whether one task makes all of it
   */
  static Dataset<Row> sized(
      Dataset<Row> rows, Dataset<Row> arranged, boolean single, int parallelism) {
    LogicalPlan plan = rows.queryExecution().optimizedPlan();
    boolean ordered = isOrdered(rows);
    if (single) {
      return arranged.coalesce(1);
    }
    if (ordered) {
      return arranged;
    }
    return arranged.coalesce(files(plan.stats().sizeInBytes().bigInteger(), parallelism));
  }

  /** As {@link #sized}, for rows that tasks put into one file together. */
  static Dataset<Row> joined(Dataset<Row> rows, Dataset<Row> arranged, int parallelism) {
    LogicalPlan plan = rows.queryExecution().optimizedPlan();
    int files = files(plan.stats().sizeInBytes().bigInteger(), parallelism);
    return arranged.coalesce(Math.min(files, MOST_JOINED));
  }

  static boolean isOrdered(Dataset<Row> rows) {
    return !rows.queryExecution().optimizedPlan().outputOrdering().isEmpty();
  }

  static int files(BigInteger estimate, int parallelism) {
    long bytes = estimate.bitLength() < 63 ? estimate.longValue() : Long.MAX_VALUE;
    long wanted = bytes / TARGET_BYTES + 1;
    long busy = Math.min(parallelism, bytes / LEAST_BYTES + 1);
    return (int) Math.min(Integer.MAX_VALUE, Math.max(wanted, busy));
  }
}
