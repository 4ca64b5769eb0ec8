package io.penstock.jobs.events;

import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Sends the rows of one task, in their order. What was sent stays sent, whatever comes after. */
final class EventsWriter implements DataWriter<InternalRow> {
  private static final int RECORD = 0;
  private static final int REFUSAL = 1;
  private static final int KEY = 2;

  private final SendSettings settings;
  private final int keyColumns;
  private final @Nullable TaskContext task = TaskContext.get();
  private final Pauses pauses = new Pauses(() -> task != null && task.isInterrupted());
  private final ObjectStore store;
  private final FailedKeys failed;
  private final BatchSender sender;
  private List<PendingEvent> batch = new ArrayList<>();
  private int batchBytes = BatchBody.empty();
  private boolean maySend;
  private long sent;
  private long sentBytes;

  EventsWriter(SendSettings settings, StructType keys, int tasks, int partition) {
    this.settings = settings;
    this.keyColumns = keys.size();
    this.store = ObjectStores.open(settings.failed());
    this.failed = new FailedKeys(store, keys);
    this.sender =
        new BatchSender(
            new HttpEndpoint(settings.address()),
            new Pace(pauses, settings.requestsPerSecond(), tasks, partition),
            pauses,
            settings.retries(),
            settings.address().gzip(),
            settings.limits(),
            new Counted());
  }

  private final class Counted implements Outcome {
    @Override
    public void accepted(List<PendingEvent> events, int bytes) {
      sent += events.size();
      sentBytes += bytes;
    }

    @Override
    public void failed(List<PendingEvent> events, String reason) {
      events.forEach(event -> failed.add(event.key(), reason));
    }
  }

  @Override
  public void write(InternalRow row) {
    InternalRow key = row.getStruct(KEY, keyColumns).copy();
    if (!row.isNullAt(REFUSAL)) {
      failed.add(key, row.getUTF8String(REFUSAL).toString());
      return;
    }
    byte[] record = row.getBinary(RECORD);
    int added = BatchBody.added(record);
    if (batchBytes + added > settings.bytes()) {
      send();
    }
    batch.add(new PendingEvent(record, key));
    batchBytes += added;
    if (batch.size() == settings.rows()) {
      send();
    }
  }

  private void send() {
    if (batch.isEmpty()) {
      return;
    }
    try {
      if (!maySend) {
        SendingRight.await(task, pauses);
        maySend = true;
      }
      sender.send(batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("sending was ended");
    }
    batch = new ArrayList<>();
    batchBytes = BatchBody.empty();
  }

  @Override
  public WriterCommitMessage commit() {
    send();
    try {
      List<String> files = failed.complete();
      return new TaskTally(
          sent,
          sentBytes,
          sender.requests(),
          sender.repeated(),
          failed.reasons(),
          files,
          sender.refusal().orElse(null));
    } catch (IOException e) {
      throw EventsErrors.state("written", settings.destination(), e);
    }
  }

  @Override
  public void abort() {}

  @Override
  public void close() {
    store.close();
  }
}
