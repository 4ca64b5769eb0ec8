package io.penstock.jobs.app;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.ExitCode;
import io.penstock.common.error.PenstockException;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * Turns SIGTERM and SIGINT into an orderly end: the work in hand is cancelled, what is staged is
 * undone, the run is recorded as failed, and the exit code is 130. A second signal, or an end that
 * takes longer than {@link #LONGEST_END_MILLIS}, ends the process as it is; the next run with the
 * same run id then finds what a killed one leaves.
 */
final class Interruption {
  private static final long LONGEST_END_MILLIS = 20_000;
  private static final long REPEAT_MILLIS = 250;

  private static final AtomicBoolean REQUESTED = new AtomicBoolean();
  private static volatile Runnable cancel = () -> {};

  private Interruption() {}

  /** Handles the signals from here on; the calling thread is the one that does the work. */
  static void handle() {
    Thread worker = Thread.currentThread();
    for (String name : new String[] {"TERM", "INT"}) {
      try {
        Signal.handle(new Signal(name), signal -> request(worker));
      } catch (IllegalArgumentException keptByTheMachine) {
        // started with -Xrs: the signal ends the process as it is
      }
    }
  }

  /** What ends the work that the worker waits for; called repeatedly, from another thread. */
  static void cancelsWith(Runnable ending) {
    cancel = ending;
  }

  private static void request(Thread worker) {
    if (!REQUESTED.compareAndSet(false, true)) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED.status());
    }
    worker.interrupt();
    // the worker may begin a job or a statement right after the first call
    for (long waited = 0; waited < LONGEST_END_MILLIS; waited += REPEAT_MILLIS) {
      cancel();
      sleep();
    }
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.status());
  }

  private static void cancel() {
    try {
      cancel.run();
    } catch (RuntimeException closedMeanwhile) {
      // what is closed needs no cancelling
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(REPEAT_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static boolean isRequested() {
    return REQUESTED.get();
  }

  /**
   * Ends the work between two steps.
   *
   * @throws PenstockException {@code INTERRUPTED} where a signal came
   */
  static void check() {
    if (isRequested()) {
      throw failure(new InterruptedException("a signal came"));
    }
  }

  /** Lets the worker undo and record: with the thread's mark set, no file can be written. */
  static void acknowledge() {
    if (isRequested()) {
      Thread.interrupted();
    }
  }

  /** What any failure means once the signal came. */
  static PenstockException failure(Throwable consequence) {
    return PenstockException.of(
        ErrorCode.INTERRUPTED,
        "the run was interrupted",
        "the process was asked to end",
        "start it again with the same run id to complete it",
        consequence);
  }
}
