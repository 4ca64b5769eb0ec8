package io.penstock.common.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Times that the clock of a zone shows. A time that the clock skips is no run; a time that it shows
 * twice is one run, at the first. Amazon EventBridge Scheduler does the same
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 *
 * @param from no run is before it; empty: there is no first run
 */
public record ClockSchedule(
    Days days, SortedSet<LocalTime> times, ZoneId zone, Optional<LocalDateTime> from)
    implements Schedule {
  /** 29 February can be away for 8 years, and its day of the week for 40. */
  private static final int YEARS = 41;

  public ClockSchedule {
    times = Collections.unmodifiableSortedSet(new TreeSet<>(times));
  }

  @Override
  public Optional<Instant> next(Instant after) {
    LocalDate last = dateOf(after).plusYears(YEARS);
    for (LocalDate day = firstDay(after); day.isBefore(last); day = day.plusDays(1)) {
      if (days.include(day)) {
        Optional<Instant> run = firstOf(day, after);
        if (run.isPresent()) {
          return run;
        }
      }
    }
    return Optional.empty();
  }

  private LocalDate firstDay(Instant after) {
    LocalDate day = dateOf(after);
    return from.map(LocalDateTime::toLocalDate).filter(first -> first.isAfter(day)).orElse(day);
  }

  private LocalDate dateOf(Instant instant) {
    return LocalDate.ofInstant(instant, zone);
  }

  private Optional<Instant> firstOf(LocalDate day, Instant after) {
    return times.stream()
        .map(day::atTime)
        .filter(time -> from.isEmpty() || !time.isBefore(from.get()))
        .flatMap(time -> instant(time).stream())
        .filter(run -> run.isAfter(after))
        .findFirst();
  }

  private Optional<Instant> instant(LocalDateTime time) {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
    return offsets.stream().findFirst().map(time::toInstant);
  }

  /** Whether the clock ever skips one of the times, or shows it twice. */
  public boolean meetsClockChange() {
    return new ClockChanges(zone).concern(this);
  }

  /** Whether a time lies within a stretch of the clock, the end excluded. */
  boolean runsWithin(LocalDateTime start, LocalDateTime end) {
    for (LocalDate day = start.toLocalDate(); !day.atStartOfDay().isAfter(end); ) {
      if (days.include(day)) {
        for (LocalTime time : times) {
          LocalDateTime run = day.atTime(time);
          if (!run.isBefore(start) && run.isBefore(end)) {
            return true;
          }
        }
      }
      day = day.plusDays(1);
    }
    return false;
  }
}
