package io.penstock.jobs.deliver;

import io.penstock.common.config.FileCount;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.jspecify.annotations.Nullable;

/**
 * The files of one task. A task without rows makes none. The number of a file follows from the
 * task's position alone, so that every attempt writes the same keys; where a task makes several
 * files in one place, the number goes up by the number of tasks, which no other task uses.
 */
final class DeliveryWriter implements DataWriter<InternalRow> {
  private final WriterSettings settings;
  private final ObjectStore store;
  private final FileHome home;
  private final @Nullable PartitionPath path;
  private final long firstNumber;
  private final int tasks;
  private final long mostRows;
  private final long mostBytes;
  private final Map<Place, Integer> files = new HashMap<>();
  private @Nullable FilePipeline file;
  private Place place = Place.ONLY;
  private boolean committed;

  DeliveryWriter(
      WriterSettings settings, ObjectStore store, FileHome home, int partitionId, int tasks) {
    this.settings = settings;
    this.store = store;
    this.home = home;
    this.path = settings.path();
    FileCount count = settings.packing().files();
    boolean single = count instanceof FileCount.Single;
    this.firstNumber = single ? 1 : partitionId + 1L;
    this.tasks = tasks;
    this.mostRows = count instanceof FileCount.SplitRows split ? split.rows() : Long.MAX_VALUE;
    this.mostBytes = count instanceof FileCount.SplitBytes split ? split.bytes() : Long.MAX_VALUE;
  }

  @Override
  public void write(InternalRow row) {
    try {
      writeRow(row);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void writeRow(InternalRow row) throws IOException {
    FilePipeline current = file;
    if (path != null) {
      Place next = path.of(row);
      if (current != null && next != place && !next.equals(place)) {
        end(current);
        current = null;
      }
      place = next;
    }
    if (current == null) {
      current = begin();
    }
    if (mostBytes < Long.MAX_VALUE) {
      writeWithin(current, row);
      return;
    }
    current.write(row);
    if (current.rows() >= mostRows) {
      end(current);
    }
  }

  /** Ends a file before a row that might take it over its limit. */
  private void writeWithin(FilePipeline begun, InternalRow row) throws IOException {
    FilePipeline current = begun;
    if (current.rows() > 0 && current.bytes() + current.sizeOf(row) > mostBytes) {
      end(current);
      current = begin();
    }
    current.write(row);
  }

  private FilePipeline begin() throws IOException {
    int before = files.merge(place, 1, Integer::sum) - 1;
    if (before > 0 && !settings.numbered()) {
      throw DeliveryErrors.keyRefused(
          "several files would have one key",
          "file-name has no {{file_number}}, and NULL and empty text share a directory",
          "put {{file_number}} into file-name");
    }
    FilePipeline begun = home.begin(place, firstNumber + (long) before * tasks);
    file = begun;
    return begun;
  }

  private void end(FilePipeline ended) throws IOException {
    ended.finish();
    ended.close();
    file = null;
    home.end(ended);
  }

  @Override
  public TaskFiles commit() {
    try {
      FilePipeline last = file;
      if (last != null) {
        end(last);
      }
      TaskFiles complete = home.complete();
      committed = true;
      return complete;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Tells a failure to write from the failures of what the rows are made of. */
  private PenstockException failed(IOException e) {
    return DeliveryErrors.failed("write files", settings.destination(), e);
  }

  /** Leaves nothing behind, whatever fails on the way. */
  @Override
  public void abort() throws IOException {
    committed = false;
    close();
  }

  @Override
  public void close() throws IOException {
    FilePipeline open = file;
    file = null;
    try (store) {
      if (open != null) {
        open.close();
      }
      if (!committed) {
        committed = true;
        home.abandon();
      }
    }
  }
}
