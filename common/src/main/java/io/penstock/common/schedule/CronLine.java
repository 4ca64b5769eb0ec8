package io.penstock.common.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** One cron expression; a schedule of the clock may need several. */
public record CronLine(SortedSet<Integer> minutes, SortedSet<Integer> hours, CronDays days) {
  /** From Sunday on, as crons count. */
  private static final List<String> WEEK = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  /** Shorter runs are lists: {@code 1,2}, but {@code 1-3}. */
  private static final int SHORTEST_RANGE = 3;

  /**
   * The lines that are a schedule in its own zone, or for {@link IntervalSchedule} in UTC; empty
   * where no crontab can say it.
   */
  public static Optional<List<CronLine>> of(Schedule schedule) {
    if (schedule instanceof ClockSchedule clock) {
      return clock.days() instanceof CronDays days
          ? Optional.of(lines(clock.times(), days))
          : Optional.empty();
    }
    IntervalSchedule interval = (IntervalSchedule) schedule;
    return Interval.dividesDay(interval.every())
        ? Optional.of(lines(times(interval), CronDays.ALL))
        : Optional.empty();
  }

  private static SortedSet<LocalTime> times(IntervalSchedule schedule) {
    LocalTime anchor = LocalTime.ofInstant(schedule.anchor(), ZoneOffset.UTC);
    SortedSet<LocalTime> times = new TreeSet<>();
    for (Duration at = Duration.ZERO;
        at.compareTo(Interval.DAY) < 0;
        at = at.plus(schedule.every())) {
      times.add(anchor.plus(at));
    }
    return times;
  }

  /** Hours with the same minutes share a line. */
  private static List<CronLine> lines(SortedSet<LocalTime> times, CronDays days) {
    Map<Integer, SortedSet<Integer>> minutes = new TreeMap<>();
    for (LocalTime time : times) {
      minutes.computeIfAbsent(time.getHour(), hour -> new TreeSet<>()).add(time.getMinute());
    }
    List<CronLine> lines = new ArrayList<>();
    for (SortedSet<Integer> same : Set.copyOf(minutes.values())) {
      SortedSet<Integer> hours =
          minutes.entrySet().stream()
              .filter(entry -> entry.getValue().equals(same))
              .map(Map.Entry::getKey)
              .collect(Collectors.toCollection(TreeSet::new));
      lines.add(new CronLine(same, hours, days));
    }
    lines.sort((a, b) -> Integer.compare(a.hours().first(), b.hours().first()));
    return List.copyOf(lines);
  }

  /** The five fields of crontab. */
  public String crontab() {
    return String.join(
        " ",
        text(minutes, 0, 59),
        text(hours, 0, 23),
        text(new TreeSet<>(days.daysOfMonth()), 1, 31),
        text(new TreeSet<>(days.months()), 1, 12),
        text(numbersOfWeek(), 0, 6));
  }

  /**
   * The six fields of {@code cron(…)} of Amazon EventBridge Scheduler, the last of them the year.
   *
   * @return empty where days of the month and of the week are restricted, which it does not combine
   */
  public Optional<String> eventBridge() {
    boolean inMonth = days.restrictsDaysOfMonth();
    boolean inWeek = days.restrictsDaysOfWeek();
    if (inMonth && inWeek) {
      return Optional.empty();
    }
    return Optional.of(
        String.join(
            " ",
            text(minutes, 0, 59),
            text(hours, 0, 23),
            inWeek ? "?" : text(new TreeSet<>(days.daysOfMonth()), 1, 31),
            text(new TreeSet<>(days.months()), 1, 12),
            inWeek ? ranges(numbersOfWeek(), WEEK::get) : "?",
            "*"));
  }

  private SortedSet<Integer> numbersOfWeek() {
    return days.daysOfWeek().stream()
        .map(day -> day == DayOfWeek.SUNDAY ? 0 : day.getValue())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(SortedSet<Integer> values, int least, int most) {
    return values.size() > most - least ? "*" : ranges(values, Integer::toString);
  }

  private static String ranges(SortedSet<Integer> values, IntFunction<String> name) {
    List<String> parts = new ArrayList<>();
    List<Integer> all = new ArrayList<>(values);
    for (int start = 0; start < all.size(); ) {
      int end = start;
      while (end + 1 < all.size() && all.get(end + 1) == all.get(end) + 1) {
        end++;
      }
      if (end - start + 1 >= SHORTEST_RANGE) {
        parts.add(name.apply(all.get(start)) + "-" + name.apply(all.get(end)));
      } else {
        all.subList(start, end + 1).forEach(value -> parts.add(name.apply(value)));
      }
      start = end + 1;
    }
    return String.join(",", parts);
  }
}
