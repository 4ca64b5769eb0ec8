package io.penstock.jobs.deliver;

import io.penstock.common.config.FileCount;
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
   * @param count {@code Single} where one task makes all of it
   */
  static Dataset<Row> sized(
      Dataset<Row> rows, Dataset<Row> arranged, FileCount count, int parallelism) {
    if (count instanceof FileCount.Single) {
      return arranged.coalesce(1);
    }
    LogicalPlan plan = rows.queryExecution().optimizedPlan();
    if (isOrdered(rows)) {
      return arranged;
    }
    int files = files(plan.stats().sizeInBytes().bigInteger(), parallelism);
    return arranged.coalesce(
        count instanceof FileCount.ForCopy copy ? tasks(files, copy.multiple()) : files);
  }

  /** A multiple, unless each task then makes several files: see {@link #filesOfTask}. */
  private static int tasks(int files, int multiple) {
    return files < multiple ? files : (int) Math.min(Integer.MAX_VALUE, roundUp(files, multiple));
  }

  /**
   * How many files a task writes side by side, so that all tasks together make the smallest
   * multiple that leaves none without a file.
   */
  static int filesOfTask(int task, int tasks, int multiple) {
    long all = roundUp(tasks, multiple);
    return (int) (all * (task + 1) / tasks - all * task / tasks);
  }

  private static long roundUp(long files, int multiple) {
    return (files + multiple - 1) / multiple * multiple;
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
