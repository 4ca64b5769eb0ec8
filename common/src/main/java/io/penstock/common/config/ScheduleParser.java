package io.penstock.common.config;

import io.penstock.common.schedule.Interval;
import io.penstock.common.schedule.Schedule;
import io.penstock.common.schedule.Schedules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code schedule}. */
final class ScheduleParser {
  private static final Pattern START = Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT)?\\d\\d:\\d\\d");
  private static final String EVERY = "write every = \"30 minutes\", \"6 hours\" or \"2 days\"";
  private static final String CRON =
      "write minute, hour, day of month, month and day of week, such as \"0 6 * * MON-FRI\"";
  private static final String TIME = "write starting-at = \"06:00\" or \"2026-11-21T06:00\"";

  private final Section section;

  private ScheduleParser(Section section) {
    this.section = section;
  }

  /** Empty where the block says no schedule; what is wrong with it was reported. */
  static Optional<ScheduleConfig> parse(Section section) {
    Optional<ScheduleConfig> config = new ScheduleParser(section).schedule();
    section.finish();
    return config;
  }

  /** The first run, or the time of day alone. */
  private record Start(Optional<LocalDate> date, LocalTime time) {
    @Override
    public String toString() {
      return date.map(day -> day.atTime(time).toString()).orElse(time.toString());
    }
  }

  private Optional<ScheduleConfig> schedule() {
    Optional<ZoneId> zone = zone();
    Optional<String> cron = section.text("cron");
    Optional<String> every = section.text("every");
    Optional<String> start = section.text("starting-at");
    if (cron.isEmpty() && every.isEmpty() && !section.has("cron") && !section.has("every")) {
      section.missing("every", EVERY + ", or cron = \"0 6 * * MON-FRI\"");
    }
    if (cron.isPresent() && every.isPresent()) {
      section.conflict("cron", "stands beside every", "write one of the two");
      return Optional.empty();
    }
    if (cron.isPresent() && start.isPresent()) {
      section.conflict(
          "starting-at", "stands beside cron, which says the times", "leave it out, or use every");
    }
    if (zone.isEmpty()) {
      return Optional.empty();
    }
    return cron.isPresent()
        ? cron(cron.get(), zone.get())
        : every.flatMap(text -> every(text, zone.get()));
  }

  private Optional<ZoneId> zone() {
    Optional<String> written = section.text("zone");
    if (written.isEmpty() || section.isUnresolved("zone")) {
      return Optional.of(ZoneId.of("UTC"));
    }
    String name = written.get();
    Set<String> zones = new TreeSet<>(ZoneId.getAvailableZoneIds());
    zones.removeIf(zone -> zone.startsWith("SystemV/"));
    if (!zones.contains(name)) {
      section.invalid(
          "zone",
          Values.shown(name) + " is no time zone of the IANA database",
          NearestKey.of(name, zones)
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("write a name such as UTC, Europe/Berlin or America/New_York"));
      return Optional.empty();
    }
    return Optional.of(ZoneId.of(name));
  }

  private Optional<ScheduleConfig> cron(String text, ZoneId zone) {
    if (section.isUnresolved("cron")) {
      return Optional.empty();
    }
    try {
      Schedule schedule = Schedules.cron(text, zone);
      String shown = "cron " + text.trim().replaceAll("\\s+", " ") + " in " + zone;
      return Optional.of(new ScheduleConfig(shown, schedule));
    } catch (IllegalArgumentException e) {
      section.invalid("cron", String.valueOf(e.getMessage()), CRON);
      return Optional.empty();
    }
  }

  private Optional<ScheduleConfig> every(String text, ZoneId zone) {
    Optional<Duration> interval = interval(text);
    Optional<Start> start = start(zone);
    if (interval.isEmpty() || start.isEmpty()) {
      return Optional.empty();
    }
    return schedule(interval.get(), start.get(), zone)
        .map(
            schedule ->
                new ScheduleConfig(
                    "every "
                        + Interval.text(interval.get())
                        + " starting at "
                        + start.get()
                        + " in "
                        + zone,
                    schedule));
  }

  private Optional<Duration> interval(String text) {
    if (section.isUnresolved("every")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Interval.parse(text));
    } catch (IllegalArgumentException e) {
      section.invalid("every", Values.shown(text) + " " + e.getMessage(), EVERY);
      return Optional.empty();
    }
  }

  private Optional<Start> start(ZoneId zone) {
    String text = section.text("starting-at").orElse("00:00");
    if (section.isUnresolved("starting-at")) {
      return Optional.empty();
    }
    @Nullable Start start = START.matcher(text).matches() ? startOf(text) : null;
    if (start == null) {
      section.invalid(
          "starting-at", Values.shown(text) + " is neither a time nor a date and time", TIME);
      return Optional.empty();
    }
    boolean skipped =
        start
            .date()
            .map(day -> zone.getRules().getValidOffsets(day.atTime(start.time())).isEmpty())
            .orElse(false);
    if (skipped) {
      section.invalid(
          "starting-at",
          "is a time that the clock of " + zone + " skips",
          "write a time an hour later");
      return Optional.empty();
    }
    return Optional.of(start);
  }

  private static @Nullable Start startOf(String text) {
    try {
      return text.contains("T")
          ? of(LocalDateTime.parse(text))
          : new Start(Optional.empty(), LocalTime.parse(text));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Start of(LocalDateTime first) {
    return new Start(Optional.of(first.toLocalDate()), first.toLocalTime());
  }

  private Optional<Schedule> schedule(Duration every, Start start, ZoneId zone) {
    if (Interval.dividesDay(every)) {
      return Optional.of(Schedules.daily(every, start.time(), zone, start.date()));
    }
    if (start.date().isEmpty()) {
      section.invalid(
          section.has("starting-at") ? "starting-at" : "every",
          "does not say on which day to begin counting "
              + Interval.text(every)
              + ", of which no whole number is a day",
          "write the first run, such as starting-at = \"2026-11-21T"
              + start.time()
              + "\", or an interval that divides a day");
      return Optional.empty();
    }
    LocalDateTime first = start.date().get().atTime(start.time());
    return Optional.of(Schedules.from(first, every, zone));
  }
}
