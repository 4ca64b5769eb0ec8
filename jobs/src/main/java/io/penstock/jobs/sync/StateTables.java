package io.penstock.jobs.sync;

import io.penstock.common.schema.TableName;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes tables of a state in Redshift; none of their rows passes through the driver. */
interface StateTables {

  /** The rows instead of whatever the table has; all of them or none. */
  void write(TableName table, Dataset<Row> rows);
}
