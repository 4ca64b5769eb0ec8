package io.penstock.common.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes schedules of what a job file says. */
public final class Schedules {
  /** A day without a change of clocks; grids that have no first run are counted from it. */
  private static final LocalDate SOME_DAY = LocalDate.of(2025, 1, 15);

  private Schedules() {}

  /** Whether the clock of a zone is always that of UTC. */
  public static boolean isUtc(ZoneId zone) {
    return ClockChanges.isUtc(zone);
  }

  /**
   * The times of a cron expression.
   *
   * @throws IllegalArgumentException whose message goes on from the name of the key
   */
  public static Schedule cron(String expression, ZoneId zone) {
    CronExpression cron = CronExpression.parse(expression);
    Schedule schedule = new ClockSchedule(cron.days(), cron.times(), zone, Optional.empty());
    if (schedule.next(Instant.EPOCH).isEmpty()) {
      throw new IllegalArgumentException("names no day that there ever is");
    }
    return schedule;
  }

  /**
   * An interval that divides a day, every day from a time of the clock on. Where every change of
   * the clock is a multiple of the interval, no change makes a pause longer or shorter.
   */
  public static Schedule daily(
      Duration every, LocalTime time, ZoneId zone, Optional<LocalDate> first) {
    if (new ClockChanges(zone).areMultiplesOf(every)) {
      Instant anchor = first.orElse(SOME_DAY).atTime(time).atZone(zone).toInstant();
      return new IntervalSchedule(every, anchor, first.isPresent(), zone);
    }
    SortedSet<LocalTime> times = new TreeSet<>();
    for (long passed = 0; passed < Interval.DAY.toMinutes(); passed += every.toMinutes()) {
      times.add(time.plusMinutes(passed));
    }
    return new ClockSchedule(CronDays.ALL, times, zone, first.map(day -> day.atTime(time)));
  }

  /**
   * An interval from a first run on: whole days by the clock, anything else by the time that
   * passes.
   */
  public static Schedule from(LocalDateTime first, Duration every, ZoneId zone) {
    boolean wholeDays = every.toSeconds() % Interval.DAY.toSeconds() == 0;
    if (!wholeDays || new ClockChanges(zone).isNone()) {
      return new IntervalSchedule(every, first.atZone(zone).toInstant(), true, zone);
    }
    SortedSet<LocalTime> times = new TreeSet<>();
    times.add(first.toLocalTime());
    Days days = new Days.EveryNth(first.toLocalDate(), Math.toIntExact(every.toDays()));
    return new ClockSchedule(days, times, zone, Optional.of(first));
  }
}
