package io.penstock.jobs.app;

import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * Turns SIGTERM and SIGINT into an orderly end: the work in hand is cancelled, what is staged is
 * undone, the run is recorded as failed, and the exit code is 130.
 */
final class Interruption {
  private static final AtomicBoolean REQUESTED = new AtomicBoolean();

  private Interruption() {}

  /** Handles the signals in the calling thread's name; {@code cancel} ends what it waits for. */
  static void handle(Runnable cancel) {
    Thread worker = Thread.currentThread();
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (REQUESTED.compareAndSet(false, true)) {
              cancel.run();
              worker.interrupt();
            }
          });
    }
  }

  static boolean isRequested() {
    return REQUESTED.get();
  }
}
