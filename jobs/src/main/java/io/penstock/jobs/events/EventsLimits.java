package io.penstock.jobs.events;

import java.io.Serializable;
import java.time.Duration;

/**
 * How patient sending is.
 *
 * @param firstPause before the second attempt; doubles, and is shortened at random by up to a half
 * @param longestPause that doubling leads to
 * @param longestWait that an endpoint may ask for; one that asks for more is not asked again
 * @param down how many batches in a row have to fail for good until the endpoint counts as down
 */
record EventsLimits(Duration firstPause, Duration longestPause, Duration longestWait, int down)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  static final EventsLimits STANDARD =
      new EventsLimits(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMinutes(10), 3);
}
