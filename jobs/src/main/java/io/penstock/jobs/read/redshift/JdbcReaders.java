package io.penstock.jobs.read.redshift;

import io.penstock.common.schema.SourceColumn;
import io.penstock.jobs.redshift.CarriedConnection;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** The one object that carries a connection to executors; its text shows no secret. */
record JdbcReaders(String source, CarriedConnection connection, List<SourceColumn> columns)
    implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return JdbcRows.open(this, (RangePartition) partition);
  }
}
