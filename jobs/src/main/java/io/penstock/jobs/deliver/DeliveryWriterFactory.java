package io.penstock.jobs.deliver;

import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/** The one object that carries credentials to executors; its text shows none. */
record DeliveryWriterFactory(WriterSettings settings, int tasks) implements DataWriterFactory {
  private static final long serialVersionUID = 1L;

  @Override
  public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
    ObjectStore store = ObjectStores.open(settings.location());
    JoinedObject joined = settings.joined();
    FileHome home =
        joined == null
            ? home(settings, store)
            : new PieceFiles(settings, store, joined, partitionId, tasks);
    return new DeliveryWriter(settings, store, home, partitionId, tasks);
  }

  /** Of a task that shares nothing with others. */
  static FileHome home(WriterSettings settings, ObjectStore store) {
    return settings.makesArchive()
        ? new ArchiveFiles(settings, store)
        : new ObjectFiles(settings, store);
  }
}
