package io.penstock.jobs.read.redshift;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.schema.SourceColumn;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * The one object that carries the staging location's credentials to executors; its text shows none.
 *
 * @param folder with resolved credentials
 */
record UnloadedReaders(String source, StoreLocation.Bucket folder, List<SourceColumn> columns)
    implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return true;
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    return UnloadedBatches.open(this, (UnloadedFile) partition);
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    throw new UnsupportedOperationException("unloaded files are read in batches");
  }
}
