package io.penstock.jobs.load;

import java.time.Duration;

/**
 * How long and how often a load tries.
 *
 * @param lockWait how long another load of the same state schema is waited for; whole seconds, at
 *     least one
 * @param attempts of a transaction that the server rolls back as not serializable
 * @param firstPause before the second attempt; doubles, and is shortened at random
 */
public record LoadLimits(Duration lockWait, int attempts, Duration firstPause) {
  public static final LoadLimits STANDARD =
      new LoadLimits(Duration.ofMinutes(10), 6, Duration.ofSeconds(1));

  public LoadLimits {
    if (lockWait.toSeconds() < 1 || attempts < 1 || firstPause.toMillis() < 1) {
      throw new IllegalArgumentException("a load needs a positive time and at least one attempt");
    }
  }
}
