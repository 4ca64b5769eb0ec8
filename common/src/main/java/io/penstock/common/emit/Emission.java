package io.penstock.common.emit;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schedule.ClockSchedule;
import io.penstock.common.schedule.CronLine;
import io.penstock.common.schedule.IntervalSchedule;
import io.penstock.common.schedule.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What a definition is made of.
 *
 * @param words the schedule as the job file says it, on one line
 * @param now the time at which the definition is made; it starts nothing earlier
 */
public record Emission(EmrStart start, String words, Schedule schedule, Instant now) {
  static final ZoneId UTC = ZoneId.of("UTC");

  /** The cron expressions that are the schedule in {@link #cronZone}. */
  Optional<List<CronLine>> crons() {
    return CronLine.of(schedule);
  }

  /** The one cron expression that is the schedule in {@link #cronZone}. */
  Optional<CronLine> cron() {
    return crons().filter(lines -> lines.size() == 1).map(lines -> lines.get(0));
  }

  ZoneId cronZone() {
    return schedule instanceof IntervalSchedule ? UTC : schedule.zone();
  }

  /** The first run to come, if it is the first there is. */
  Optional<Instant> firstRun() {
    Optional<Instant> first =
        schedule instanceof IntervalSchedule interval
            ? Optional.of(interval.anchor()).filter(anchor -> interval.first())
            : ((ClockSchedule) schedule)
                .from()
                .map(from -> from.atZone(schedule.zone()).toInstant());
    return first.filter(run -> run.isAfter(now));
  }

  /** The next run; there is always one, because the job file is refused otherwise. */
  Instant nextRun() {
    return schedule.next(now).orElseThrow(() -> new IllegalStateException(words));
  }

  PenstockException refused(String form, String cause, String remedy) {
    return PenstockException.of(
        ErrorCode.SCHEDULE_NOT_EXPRESSIBLE,
        form + " cannot say '" + words + "' exactly",
        cause,
        remedy);
  }

  /**
   * Refuses a time that a change of clocks skips or repeats, which each form treats its own way.
   */
  void requireClearOfClockChanges(String form) {
    if (schedule instanceof ClockSchedule clock && clock.meetsClockChange()) {
      throw refused(
          form,
          "the clock of "
              + clock.zone()
              + " skips one of its times in spring or shows it twice in autumn, and "
              + form
              + " does something else then",
          "move that time out of the hours of the change, write zone = \"UTC\", write every = …"
              + " with an interval that divides an hour, or use --emit eventbridge");
    }
  }
}
