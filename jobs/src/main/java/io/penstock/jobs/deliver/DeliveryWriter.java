package io.penstock.jobs.deliver;

import io.penstock.common.error.PenstockException;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.jspecify.annotations.Nullable;

/**
 * The files of one task. A task without rows makes none. The number of a file follows from the
 * task's position alone, so that every attempt writes the same keys; where a task comes back to a
 * directory it has left, the number goes up by the number of tasks, which no other task uses.
 */
final class DeliveryWriter implements DataWriter<InternalRow> {
  private static final int MOST_COMPLETING = 8;

  /** Ends of small files are sent while the next file is encoded. */
  private static final ExecutorService COMPLETERS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "penstock-complete");
            thread.setDaemon(true);
            return thread;
          });

  private final WriterSettings settings;
  private final ObjectStore store;
  private final RowEncoder.Factory encoders;
  private final @Nullable PartitionPath partitions;
  private final long firstNumber;
  private final int tasks;
  private final Map<String, Integer> visits = new HashMap<>();
  private final Deque<Completing> completing = new ArrayDeque<>();
  private final List<StagedFile> complete = new ArrayList<>();
  private @Nullable FilePipeline file;
  private String directory = "";

  private record Completing(FilePipeline file, Future<StagedFile> result) {}

  DeliveryWriter(WriterSettings settings, ObjectStore store, int partitionId, int tasks) {
    this.settings = settings;
    this.store = store;
    this.encoders = Encoders.of(settings.format(), settings.schema());
    this.partitions =
        settings.partitions().isEmpty() ? null : new PartitionPath(settings.partitions());
    this.firstNumber = partitionId + 1L;
    this.tasks = tasks;
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
    if (partitions != null) {
      String next = partitions.of(row);
      if (current != null && !next.equals(directory)) {
        endFile(current);
        current = null;
      }
      directory = next;
    }
    if (current == null) {
      current = begin();
      file = current;
    }
    current.write(row);
  }

  private FilePipeline begin() throws IOException {
    int visit = visits.merge(directory, 1, Integer::sum) - 1;
    if (visit > 0 && !settings.keys().fileName().numbered()) {
      throw DeliveryErrors.keyRefused(
          "several files would have one key",
          "file-name has no {{file_number}}, and NULL and empty text share a directory",
          "put {{file_number}} into file-name");
    }
    long number = firstNumber + (long) visit * tasks;
    String key = directory + settings.keys().fileName().of(number);
    return FilePipeline.open(store.begin(key), key, settings.encoding(), encoders);
  }

  private void endFile(FilePipeline ended) throws IOException {
    ended.finish();
    file = null;
    if (completing.size() == MOST_COMPLETING) {
      await(completing.remove());
    }
    completing.add(new Completing(ended, COMPLETERS.submit(ended::complete)));
  }

  private void await(Completing ending) throws IOException {
    try {
      complete.add(ending.result.get());
    } catch (InterruptedException e) {
      completing.add(ending);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while completing a file", e);
    } catch (ExecutionException e) {
      ending.file.close();
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("cannot complete a file", e.getCause());
    }
  }

  @Override
  public TaskFiles commit() {
    try {
      FilePipeline last = file;
      if (last != null) {
        endFile(last);
      }
      while (!completing.isEmpty()) {
        await(completing.remove());
      }
      return new TaskFiles(List.copyOf(complete));
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
    IOException failure = null;
    boolean interrupted = false;
    try {
      while (!completing.isEmpty()) {
        // Spark interrupts a task that it kills; requests need a thread that is not
        interrupted |= Thread.interrupted();
        try {
          await(completing.remove());
        } catch (IOException e) {
          failure = first(failure, e);
        }
      }
      interrupted |= Thread.interrupted();
      for (StagedFile staged : complete) {
        try {
          store.discard(staged.object());
        } catch (IOException e) {
          failure = first(failure, e);
        }
      }
      close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException first(@Nullable IOException before, IOException next) {
    if (before == null) {
      return next;
    }
    before.addSuppressed(next);
    return before;
  }

  @Override
  public void close() throws IOException {
    FilePipeline open = file;
    file = null;
    try (store) {
      if (open != null) {
        open.close();
      }
    }
  }
}
