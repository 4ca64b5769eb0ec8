package io.penstock.jobs.read.redshift;

import io.penstock.common.plan.SqlStatement;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads over JDBC.
 *
 * @param rows that there were when ranges were counted; {@link #UNCOUNTED}: nothing was
 */
record RangePartition(String sql, long rows) implements InputPartition {
  static final long UNCOUNTED = -1;
  private static final long serialVersionUID = 1L;

  /** All that a statement answers with, which is one snapshot. */
  static RangePartition whole(SqlStatement statement) {
    return new RangePartition(statement.sql(), UNCOUNTED);
  }
}
