package io.penstock.jobs.deliver;

import io.penstock.jobs.store.ObjectStores;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/** The one object that carries credentials to executors; its text shows none. */
record DeliveryWriterFactory(WriterSettings settings, int tasks) implements DataWriterFactory {
  private static final long serialVersionUID = 1L;

  @Override
  public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
    return new DeliveryWriter(settings, ObjectStores.open(settings.location()), partitionId, tasks);
  }
}
