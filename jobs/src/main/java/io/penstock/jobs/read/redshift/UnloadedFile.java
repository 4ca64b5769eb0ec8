package io.penstock.jobs.read.redshift;

import org.apache.spark.sql.connector.read.InputPartition;

/**
 * A Parquet file that UNLOAD wrote; one task reads it.
 *
 * @param key within the folder of the UNLOAD
 * @param rows that Redshift counted
 */
record UnloadedFile(String key, long bytes, long rows) implements InputPartition {
  private static final long serialVersionUID = 1L;
}
