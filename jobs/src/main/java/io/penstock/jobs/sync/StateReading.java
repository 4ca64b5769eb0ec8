package io.penstock.jobs.sync;

import io.penstock.common.schema.TableName;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads tables of a state in Redshift as the source beside them is read. */
@FunctionalInterface
public interface StateReading {

  /**
   * The rows of a table; none of them is read yet. What fails then names the table as {@code
   * schema.table}.
   *
   * @throws io.penstock.common.error.PenstockException {@code SOURCE_UNREADABLE}
   */
  Dataset<Row> open(TableName table);
}
