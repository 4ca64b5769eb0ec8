package io.penstock.jobs.events;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting that ends when the task is to end. */
final class Pauses {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final BooleanSupplier isEnded;

  Pauses(BooleanSupplier isEnded) {
    this.isEnded = isEnded;
  }

  void pause(Duration time) throws InterruptedException {
    until(System.nanoTime() + time.toNanos());
  }

  /**
   * @param nanos of {@link System#nanoTime}
   * @throws InterruptedException where the task is to end, even without waiting
   */
  void until(long nanos) throws InterruptedException {
    while (true) {
      if (isEnded.getAsBoolean()) {
        throw new InterruptedException("the task is to end");
      }
      long left = nanos - System.nanoTime();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE_NANOS));
    }
  }
}
