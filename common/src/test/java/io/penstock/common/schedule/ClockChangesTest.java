package io.penstock.common.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules across changes of clocks, compared with a walk over every minute. */
class ClockChangesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  /** Every minute whose clock time was not shown before and that is wanted. */
  private static List<Instant> walk(
      ZoneId zone, Instant from, Instant to, Predicate<LocalDateTime> wanted) {
    List<Instant> runs = new ArrayList<>();
    for (Instant at = from; at.isBefore(to); at = at.plus(1, ChronoUnit.MINUTES)) {
      LocalDateTime clock = LocalDateTime.ofInstant(at, zone);
      Instant first = clock.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
      if (first.equals(at) && wanted.test(clock)) {
        runs.add(at);
      }
    }
    return runs;
  }

  private static List<Instant> runs(Schedule schedule, Instant from, Instant to) {
    List<Instant> runs = new ArrayList<>();
    Optional<Instant> run = schedule.next(from.minusSeconds(1));
    while (run.isPresent() && run.get().isBefore(to)) {
      runs.add(run.get());
      run = schedule.next(run.get());
    }
    return runs;
  }

  private static Instant middle(ZoneId zone, String after) {
    return zone.getRules().nextTransition(Instant.parse(after)).getInstant();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/Santiago",
        "Antarctica/Troll",
      })
  void timesOfTheClockAreSkippedAndNotRepeated(String name) {
    ZoneId zone = ZoneId.of(name);
    Random random = new Random(name.hashCode());
    for (String season : List.of("2026-01-01T00:00:00Z", "2026-06-30T00:00:00Z")) {
      Instant change = middle(zone, season);
      Instant from = change.minus(TWO_DAYS);
      Instant to = change.plus(TWO_DAYS);
      for (int i = 0; i < 6; i++) {
        int minute = random.nextInt(4) * 15;
        int step = 1 + random.nextInt(4);
        String text = minute + " */" + step + " * * *";
        assertThat(runs(Schedules.cron(text, zone), from, to))
            .as(text)
            .isEqualTo(
                walk(
                    zone,
                    from,
                    to,
                    clock -> clock.getMinute() == minute && clock.getHour() % step == 0));
      }
    }
  }

  /**
   * @param change by how many minutes the clock changes
   */
  @ParameterizedTest
  @CsvSource({"Europe/Berlin, 60", "Australia/Lord_Howe, 30", "Antarctica/Troll, 120"})
  void anIntervalThatDividesADayKeepsToTheClock(String name, int change) {
    ZoneId zone = ZoneId.of(name);
    Instant from = Instant.parse("2026-03-27T00:00:00Z");
    Instant to = Instant.parse("2026-04-07T00:00:00Z");
    List<Integer> intervals = new ArrayList<>(List.of(90, 120, 180, 240, 360, 480, 720, 1440));
    intervals.removeIf(minutes -> change % minutes == 0);
    for (int minutes : intervals) {
      Schedule schedule =
          Schedules.daily(Duration.ofMinutes(minutes), LocalTime.of(6, 45), zone, Optional.empty());
      assertThat(runs(schedule, from, to))
          .as("%s %d", name, minutes)
          .isEqualTo(
              walk(
                  zone,
                  from,
                  to,
                  clock -> (clock.getHour() * 60 + clock.getMinute() - 405) % minutes == 0));
    }
  }

  @Test
  void anIntervalThatDividesTheChangeHasNoPause() {
    for (ZoneId zone : List.of(BERLIN, ZoneId.of("Australia/Lord_Howe"))) {
      Schedule schedule =
          Schedules.daily(Duration.ofMinutes(30), LocalTime.of(6, 15), zone, Optional.empty());
      Instant at = Instant.parse("2026-01-01T00:00:00Z");
      List<Instant> runs = schedule.next(at, 365 * 48);
      for (Instant run : runs) {
        assertThat(LocalDateTime.ofInstant(run, zone).getMinute() % 30).isEqualTo(15);
      }
      assertThat(Duration.between(runs.get(0), runs.get(runs.size() - 1)))
          .isEqualTo(Duration.ofMinutes(30L * (runs.size() - 1)));
    }
    // a clock that changes by half an hour cannot be kept to by an hour
    Schedule hourly =
        Schedules.daily(
            Duration.ofHours(1),
            LocalTime.NOON,
            ZoneId.of("Australia/Lord_Howe"),
            Optional.empty());
    assertThat(hourly).isInstanceOf(ClockSchedule.class);
  }

  @Test
  void daysAreCountedByTheClockAndHoursByTheTimeThatPasses() {
    LocalDateTime first = LocalDateTime.parse("2026-03-25T06:00");
    Schedule days = Schedules.from(first, Duration.ofDays(3), BERLIN);
    Schedule hours = Schedules.from(first, Duration.ofHours(7), BERLIN);
    Instant before = Instant.parse("2020-01-01T00:00:00Z");

    assertThat(days.next(before, 3))
        .containsExactly(
            Instant.parse("2026-03-25T05:00:00Z"),
            Instant.parse("2026-03-28T05:00:00Z"),
            Instant.parse("2026-03-31T04:00:00Z"));
    assertThat(hours.next(before, 4))
        .containsExactly(
            Instant.parse("2026-03-25T05:00:00Z"),
            Instant.parse("2026-03-25T12:00:00Z"),
            Instant.parse("2026-03-25T19:00:00Z"),
            Instant.parse("2026-03-26T02:00:00Z"));
    assertThat(hours.next(Instant.parse("2026-04-01T00:00:00Z")))
        .contains(Instant.parse("2026-04-01T05:00:00Z"));
  }

  @Test
  void aDateIsTheFirstRun() {
    Optional<LocalDate> day = Optional.of(LocalDate.of(2026, 12, 24));
    Instant before = Instant.parse("2026-11-21T00:00:00Z");
    for (int minutes : List.of(30, 360)) {
      Schedule schedule =
          Schedules.daily(Duration.ofMinutes(minutes), LocalTime.of(6, 0), BERLIN, day);
      assertThat(schedule.next(before, 2))
          .containsExactly(
              Instant.parse("2026-12-24T05:00:00Z"),
              Instant.parse("2026-12-24T05:00:00Z").plus(minutes, ChronoUnit.MINUTES));
    }
  }

  @Test
  void runsIncreaseWhateverTheScheduleIs() {
    Random random = new Random(9);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int i = 0; i < 600; i++) {
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      Schedule schedule = random(random, zone);
      Instant after =
          Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(400 * 24 * 3600));
      List<Instant> runs = schedule.next(after, 40);
      assertThat(runs).hasSize(40).isSorted().doesNotHaveDuplicates();
      assertThat(runs.get(0)).isAfter(after);
      assertThat(Set.copyOf(runs.stream().map(run -> run.getEpochSecond() % 60).toList()))
          .containsExactly(0L);
      // whatever lies between is no run, and each run is found from just before it
      Instant some = runs.get(random.nextInt(39) + 1);
      assertThat(schedule.next(some.minusSeconds(1))).contains(some);
      assertThat(schedule.next(after, 17)).isEqualTo(runs.subList(0, 17));
    }
  }

  private static Schedule random(Random random, ZoneId zone) {
    LocalTime time = LocalTime.of(random.nextInt(24), random.nextInt(60));
    LocalDateTime first = LocalDate.of(2026, 1, 15).atTime(time);
    List<Integer> divisors = List.of(1, 5, 15, 30, 45, 60, 90, 120, 240, 480, 720, 1440);
    return switch (random.nextInt(4)) {
      case 0 -> Schedules.from(first, Duration.ofMinutes(1 + random.nextInt(5000)), zone);
      case 1 -> Schedules.from(first, Duration.ofDays(1 + random.nextInt(20)), zone);
      case 2 ->
          Schedules.daily(
              Duration.ofMinutes(divisors.get(random.nextInt(divisors.size()))),
              time,
              zone,
              random.nextBoolean() ? Optional.empty() : Optional.of(first.toLocalDate()));
      default ->
          Schedules.cron(random.nextInt(60) + " 1-23/" + (1 + random.nextInt(9)) + " * * *", zone);
    };
  }

  @Test
  void knowsWhichTimesAChangeConcerns() {
    for (String text :
        List.of("0 6 * * *", "0 3 * * *", "59 1 * * *", "30 2 1-20 * *", "30 2 * 7 *")) {
      assertThat(((ClockSchedule) Schedules.cron(text, BERLIN)).meetsClockChange())
          .as(text)
          .isFalse();
    }
    for (String text : List.of("0 2 * * *", "59 2 * * SUN", "30 2 25 * *", "*/30 * * * *")) {
      assertThat(((ClockSchedule) Schedules.cron(text, BERLIN)).meetsClockChange())
          .as(text)
          .isTrue();
      assertThat(((ClockSchedule) Schedules.cron(text, ZoneId.of("Asia/Tokyo"))).meetsClockChange())
          .isFalse();
    }
  }
}
