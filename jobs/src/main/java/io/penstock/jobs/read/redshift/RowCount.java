package io.penstock.jobs.read.redshift;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** Rows without columns, which only their number tells apart from none. */
record RowCount(long rows) implements InputPartition {
  private static final long serialVersionUID = 1L;

  /** Reads partitions of this kind. */
  static final class Readers implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Rows(((RowCount) partition).rows());
    }
  }

  private static final class Rows implements PartitionReader<InternalRow> {
    private long left;

    Rows(long rows) {
      this.left = rows;
    }

    @Override
    public boolean next() {
      return left-- > 0;
    }

    @Override
    public InternalRow get() {
      return InternalRow.empty();
    }

    @Override
    public void close() {}
  }
}
