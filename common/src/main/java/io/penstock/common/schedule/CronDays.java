package io.penstock.common.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The days of a cron expression. A field that is a star restricts nothing; where both fields of
 * days restrict, a day of either is included, as POSIX says of crontab.
 *
 * @param daysOfMonth from 1 to 31
 * @param months from 1 to 12
 */
public record CronDays(Set<Integer> daysOfMonth, Set<Integer> months, Set<DayOfWeek> daysOfWeek)
    implements Days {
  private static final Set<Integer> DAYS_OF_MONTH = range(1, 31);
  private static final Set<Integer> MONTHS = range(1, 12);
  private static final Set<DayOfWeek> WEEK = Set.of(DayOfWeek.values());

  /** Every day of the year. */
  static final CronDays ALL = new CronDays(DAYS_OF_MONTH, MONTHS, WEEK);

  public CronDays {
    daysOfMonth = Set.copyOf(daysOfMonth);
    months = Set.copyOf(months);
    daysOfWeek = Set.copyOf(daysOfWeek);
  }

  static Set<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().collect(Collectors.toUnmodifiableSet());
  }

  public boolean restrictsDaysOfMonth() {
    return daysOfMonth.size() < DAYS_OF_MONTH.size();
  }

  public boolean restrictsDaysOfWeek() {
    return daysOfWeek.size() < WEEK.size();
  }

  @Override
  public boolean include(LocalDate day) {
    if (!months.contains(day.getMonthValue())) {
      return false;
    }
    boolean inMonth = daysOfMonth.contains(day.getDayOfMonth());
    boolean inWeek = daysOfWeek.contains(day.getDayOfWeek());
    return restrictsDaysOfMonth() && restrictsDaysOfWeek() ? inMonth || inWeek : inMonth && inWeek;
  }
}
