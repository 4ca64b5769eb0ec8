package io.penstock.jobs.events;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.types.StructType;

/** The one object that carries the write key to executors; its text does not show it. */
record EventsWriterFactory(SendSettings settings, StructType keys, int tasks)
    implements DataWriterFactory {
  private static final long serialVersionUID = 1L;

  @Override
  public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
    return new EventsWriter(settings, keys, tasks, partitionId);
  }
}
