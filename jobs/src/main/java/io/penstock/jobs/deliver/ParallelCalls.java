package io.penstock.jobs.deliver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Requests of the driver, a bounded number at a time. All are tried; the first failure is thrown.
 */
final class ParallelCalls {
  private static final int THREADS = 16;

  private ParallelCalls() {}

  @FunctionalInterface
  interface Call<T> {
    void on(T item) throws IOException;
  }

  static <T> void run(List<T> items, Call<T> call) throws IOException {
    if (items.isEmpty()) {
      return;
    }
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(THREADS, items.size()));
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (T item : items) {
        calls.add(
            pool.submit(
                () -> {
                  call.on(item);
                  return null;
                }));
      }
      await(calls);
    } finally {
      pool.shutdownNow();
    }
  }

  private static void await(List<Future<?>> calls) throws IOException {
    IOException failure = null;
    for (Future<?> call : calls) {
      try {
        call.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        failure = first(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException first(@Nullable IOException before, ExecutionException next) {
    if (before != null) {
      return before;
    }
    return next.getCause() instanceof IOException failure
        ? failure
        : new IOException(String.valueOf(next.getCause()), next.getCause());
  }
}
