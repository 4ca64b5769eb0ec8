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

  /** The files that rows go to in turn; one, unless their number is to be a multiple. */
  private final @Nullable FilePipeline[] open;

  private int turn;
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
    this.mostBytes = mostBytes(count);
    this.open =
        new FilePipeline
            [count instanceof FileCount.ForCopy copy
                ? FileSizing.filesOfTask(partitionId, tasks, copy.multiple())
                : 1];
  }

  private static long mostBytes(FileCount count) {
    if (count instanceof FileCount.SplitBytes split) {
      return split.bytes();
    }
    return count instanceof FileCount.ForCopy ? FileCount.ForCopy.MOST_BYTES : Long.MAX_VALUE;
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
    turn = turn + 1 < open.length ? turn + 1 : 0;
    FilePipeline current = open[turn];
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
    if (mostBytes < Long.MAX_VALUE && !current.takes(row, mostBytes)) {
      end(current);
      current = begin();
      current.takes(row, mostBytes);
    }
    current.write(row);
    if (current.rows() >= mostRows) {
      end(current);
    }
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
    open[turn] = begun;
    return begun;
  }

  private void end(FilePipeline ended) throws IOException {
    ended.finish();
    ended.close();
    open[turn] = null;
    home.end(ended);
  }

  @Override
  public TaskFiles commit() {
    try {
      for (turn = 0; turn < open.length; turn++) {
        FilePipeline last = open[turn];
        if (last != null) {
          end(last);
        }
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
    try (store) {
      for (int at = 0; at < open.length; at++) {
        FilePipeline left = open[at];
        open[at] = null;
        if (left != null) {
          left.close();
        }
      }
      if (!committed) {
        committed = true;
        home.abandon();
      }
    }
  }
}
