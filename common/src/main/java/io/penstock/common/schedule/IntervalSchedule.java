package io.penstock.common.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Runs that are a fixed time apart, whatever the clocks do.
 *
 * @param anchor one of the runs
 * @param first the anchor is the first run; otherwise there are runs before it
 */
public record IntervalSchedule(Duration every, Instant anchor, boolean first, ZoneId zone)
    implements Schedule {
  @Override
  public Optional<Instant> next(Instant after) {
    if (first && after.isBefore(anchor)) {
      return Optional.of(anchor);
    }
    long passed = Duration.between(anchor, after).getSeconds();
    long runs = Math.floorDiv(passed, every.toSeconds()) + 1;
    return Optional.of(anchor.plusSeconds(runs * every.toSeconds()));
  }
}
