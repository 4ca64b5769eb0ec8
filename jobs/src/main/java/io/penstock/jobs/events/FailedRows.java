package io.penstock.jobs.events;

import io.penstock.common.sync.RowFailure;
import io.penstock.common.sync.RowOperation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a delivery that were, in the end, not accepted. */
public interface FailedRows {
  /** How many there are, counted from what tasks committed. */
  long count();

  /**
   * The key columns, {@link RowOperation#COLUMN}, and {@link RowFailure#COLUMN}, which holds
   * nothing of the row; read where tasks left them, until the delivery is finished or closed.
   */
  Dataset<Row> rows();
}
