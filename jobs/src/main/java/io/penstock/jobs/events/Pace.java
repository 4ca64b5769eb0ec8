package io.penstock.jobs.events;

/**
 * One task's share of a limit of requests. Each task may begin one in an interval; the tasks take
 * turns within it, so that together they keep the limit at any time.
 */
final class Pace {
  private final Pauses pauses;
  private final long intervalNanos;
  private long next;

  /**
   * @param requestsPerSecond of all tasks together; 0: no limit
   * @param task its number, from 0 and below {@code tasks}
   */
  Pace(Pauses pauses, int requestsPerSecond, int tasks, int task) {
    this.pauses = pauses;
    this.intervalNanos = requestsPerSecond == 0 ? 0 : 1_000_000_000L * tasks / requestsPerSecond;
    this.next = System.nanoTime() + intervalNanos / tasks * task;
  }

  /** Waits for the turn. */
  void await() throws InterruptedException {
    if (intervalNanos == 0) {
      return;
    }
    pauses.until(next);
    next = Math.max(next, System.nanoTime()) + intervalNanos;
  }
}
