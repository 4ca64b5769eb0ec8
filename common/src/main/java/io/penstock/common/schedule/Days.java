package io.penstock.common.schedule;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** The days of a calendar on which a job runs. */
public sealed interface Days permits CronDays, Days.EveryNth {
  boolean include(LocalDate day);

  /**
   * Every so many days.
   *
   * @param first no day before it is included
   */
  record EveryNth(LocalDate first, int days) implements Days {
    @Override
    public boolean include(LocalDate day) {
      long since = ChronoUnit.DAYS.between(first, day);
      return since >= 0 && since % days == 0;
    }
  }
}
