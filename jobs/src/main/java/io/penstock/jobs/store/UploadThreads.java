package io.penstock.jobs.store;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads that move bytes while a task makes the next; each upload keeps at most one busy. */
final class UploadThreads {
  static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "penstock-upload");
            thread.setDaemon(true);
            return thread;
          });

  private UploadThreads() {}
}
