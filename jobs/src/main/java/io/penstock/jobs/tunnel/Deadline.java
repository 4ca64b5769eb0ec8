package io.penstock.jobs.tunnel;

import java.time.Duration;

/** A moment by which several steps together have to be done. */
record Deadline(long nanos) {
  private static final Duration LEAST = Duration.ofMillis(1);

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Never zero, which stands for no limit in many places. */
  Duration remaining() {
    Duration left = Duration.ofNanos(nanos - System.nanoTime());
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }
}
