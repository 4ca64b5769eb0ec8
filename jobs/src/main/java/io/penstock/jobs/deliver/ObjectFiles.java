package io.penstock.jobs.deliver;

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
import org.jspecify.annotations.Nullable;

/** Each file is an object. */
final class ObjectFiles implements FileHome {
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
  private final Map<FilePipeline, ObjectOutput> open = new HashMap<>();
  private final Deque<Completing> completing = new ArrayDeque<>();
  private final List<StagedFile> complete = new ArrayList<>();

  private record Completing(ObjectOutput output, Future<StagedFile> result) {}

  ObjectFiles(WriterSettings settings, ObjectStore store) {
    this.settings = settings;
    this.store = store;
    this.encoders = Encoders.of(settings.format(), settings.schema());
  }

  @Override
  public FilePipeline begin(Place place, long number) throws IOException {
    String key = settings.keys().key(place, number);
    ObjectOutput output = ObjectOutput.begin(store, key, settings.encryption());
    try {
      FilePipeline file =
          FilePipeline.open(output.stream(), key, settings.packing().encoding(), encoders);
      open.put(file, output);
      return file;
    } catch (IOException | RuntimeException e) {
      try (output) {
        throw e;
      }
    }
  }

  @Override
  public void end(FilePipeline file) throws IOException {
    if (completing.size() == MOST_COMPLETING) {
      await(completing.remove());
    }
    ObjectOutput output = open.remove(file);
    if (output == null) {
      throw new IllegalStateException("a file of another home");
    }
    long rows = file.rows();
    completing.add(
        new Completing(output, COMPLETERS.submit(() -> new StagedFile(output.complete(), rows))));
  }

  private void await(Completing ending) throws IOException {
    try {
      complete.add(ending.result.get());
    } catch (InterruptedException e) {
      completing.add(ending);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while completing a file", e);
    } catch (ExecutionException e) {
      ending.output.close();
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("cannot complete a file", e.getCause());
    }
  }

  @Override
  public TaskFiles complete() throws IOException {
    while (!completing.isEmpty()) {
      await(completing.remove());
    }
    return TaskFiles.of(List.copyOf(complete));
  }

  @Override
  public void abandon() throws IOException {
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
      for (ObjectOutput output : open.values()) {
        try {
          output.close();
        } catch (IOException e) {
          failure = first(failure, e);
        }
      }
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
}
