package io.penstock.common.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/** The changes of a zone's clock in the years that schedules are made for: 2025 to 2064. */
final class ClockChanges {
  private static final Instant FIRST = Instant.parse("2025-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2065-01-01T00:00:00Z");

  private final List<ZoneOffsetTransition> changes = new ArrayList<>();

  ClockChanges(ZoneId zone) {
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition change = rules.nextTransition(FIRST);
    while (change != null && change.getInstant().isBefore(LAST)) {
      changes.add(change);
      change = rules.nextTransition(change.getInstant());
    }
  }

  boolean isNone() {
    return changes.isEmpty();
  }

  /** Whether every change is a multiple of an interval, so that its runs keep to the clock. */
  boolean areMultiplesOf(Duration interval) {
    return changes.stream()
        .allMatch(change -> change.getDuration().toSeconds() % interval.toSeconds() == 0);
  }

  /** Whether a schedule has a time that the clock ever skips or shows twice. */
  boolean concern(ClockSchedule schedule) {
    return changes.stream()
        .anyMatch(
            change -> {
              LocalDateTime before = change.getDateTimeBefore();
              LocalDateTime after = change.getDateTimeAfter();
              return before.isBefore(after)
                  ? schedule.runsWithin(before, after)
                  : schedule.runsWithin(after, before);
            });
  }

  /** Whether the clock of a zone is always that of UTC. */
  static boolean isUtc(ZoneId zone) {
    return new ClockChanges(zone).isNone()
        && zone.getRules().getOffset(FIRST).equals(ZoneOffset.UTC);
  }
}
