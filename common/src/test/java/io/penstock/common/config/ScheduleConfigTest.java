package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleConfigTest {
  private static final Instant NOW = Instant.parse("2026-11-20T15:00:00Z");

  private static JobFile job(String schedule) {
    String text =
        """
        job = "small"
        sources { a { format = parquet, path = "a" } }
        destinations { out { type = s3, directory = "out", format = ndjson } }
        """
            + schedule;
    return JobFiles.parse("job.conf", text, Path.of("/jobs"), Overrides.none());
  }

  private static List<ConfigProblem> problems(String schedule) {
    return catchThrowableOfType(ConfigurationException.class, () -> job(schedule)).problems();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "every = \"30 minutes\", starting-at = \"06:00\", zone = \"Europe/Berlin\""
            + "| every 30 minutes starting at 06:00 in Europe/Berlin | 2026-11-20T15:30:00Z",
        "every = 6h | every 6 hours starting at 00:00 in UTC | 2026-11-20T18:00:00Z",
        "every = \"1 day\", starting-at = \"05:30\", zone = \"America/New_York\""
            + "| every 1 day starting at 05:30 in America/New_York | 2026-11-21T10:30:00Z",
        "every = \"2 weeks\", starting-at = \"2026-11-21T06:00\", zone = \"Europe/Berlin\""
            + "| every 14 days starting at 2026-11-21T06:00 in Europe/Berlin | 2026-11-21T05:00:00Z",
        "every = \"7 hours\", starting-at = \"2026-11-20T06:00\""
            + "| every 7 hours starting at 2026-11-20T06:00 in UTC | 2026-11-20T20:00:00Z",
        "cron = \"0  6 * * MON-FRI\", zone = \"Europe/Berlin\""
            + "| cron 0 6 * * MON-FRI in Europe/Berlin | 2026-11-23T05:00:00Z",
      })
  void saysWhenTheJobRuns(String written, String text, Instant next) {
    ScheduleConfig schedule = job("schedule { " + written + " }").schedule().orElseThrow();

    assertThat(schedule.text()).isEqualTo(text);
    assertThat(schedule.schedule().next(NOW)).contains(next);
  }

  @Test
  void isNotRequired() {
    assertThat(job("").schedule()).isEmpty();
  }

  @Test
  void isOverriddenLikeAnyOtherKey() {
    Overrides utc = new Overrides(Map.of("schedule.every", "15 minutes"), Optional.empty());
    String text =
        """
        job = "small"
        sources { a { format = parquet, path = "a" } }
        destinations { out { type = s3, directory = "out", format = ndjson } }
        schedule { every = "30 minutes" }
        """;
    JobFile job = JobFiles.parse("job.conf", text, Path.of("/jobs"), utc);
    assertThat(job.schedule().orElseThrow().text()).startsWith("every 15 minutes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "zone = UTC | 4:1: CONFIG_MISSING_KEY schedule.every: is missing; write every",
        "every = soon | 4:12: CONFIG_INVALID_VALUE schedule.every: \"soon\" is not a number of",
        "every = 30 | 4:12: CONFIG_INVALID_VALUE schedule.every: \"30\" is not a number of",
        "every = 0m | 4:12: CONFIG_INVALID_VALUE schedule.every: \"0m\" is not between",
        "every = 400d | 4:12: CONFIG_INVALID_VALUE schedule.every: \"400d\" is not between",
        "every = 7h | 4:12: CONFIG_INVALID_VALUE schedule.every: does not say on which day",
        "every = 7h, starting-at = \"06:00\" "
            + "| 4:24: CONFIG_INVALID_VALUE schedule.starting-at: does not say on which day to begin"
            + " counting 7 hours, of which no whole number is a day; write the first run, such as"
            + " starting-at = \"2026-11-21T06:00\"",
        "every = 1h, starting-at = \"6\" "
            + "| 4:24: CONFIG_INVALID_VALUE schedule.starting-at: \"6\" is neither a time",
        "every = 1h, starting-at = \"24:10\" "
            + "| 4:24: CONFIG_INVALID_VALUE schedule.starting-at: \"24:10\" is neither a time",
        "every = 1h, starting-at = \"2026-02-30T06:00\" "
            + "| 4:24: CONFIG_INVALID_VALUE schedule.starting-at: \"2026-02-30T06:00\" is neither",
        "every = 7h, starting-at = \"2026-03-29T02:30\", zone = \"Europe/Berlin\" "
            + "| 4:24: CONFIG_INVALID_VALUE schedule.starting-at: is a time that the clock of",
        "every = 1h, zone = \"Europe/Berln\" "
            + "| 4:24: CONFIG_INVALID_VALUE schedule.zone: \"Europe/Berln\" is no time zone of the"
            + " IANA database; did you mean Europe/Berlin?",
        "every = 1h, zone = \"+01:00\" | 4:24: CONFIG_INVALID_VALUE schedule.zone: \"+01:00\" is no",
        "every = 1h, start-at = \"06:00\" "
            + "| 4:24: CONFIG_UNKNOWN_KEY schedule.start-at: is not a key of this block; did you"
            + " mean starting-at?",
        "cron = \"0 6 * *\" | 4:12: CONFIG_INVALID_VALUE schedule.cron: has 4 fields, not minute",
        "cron = \"0 25 * * *\" "
            + "| 4:12: CONFIG_INVALID_VALUE schedule.cron: is not a cron expression: Value 25 not",
        "cron = \"0 0 31 2 *\" | 4:12: CONFIG_INVALID_VALUE schedule.cron: names no day that",
        "cron = \"0 6 * * *\", every = 1h | 4:12: CONFIG_CONFLICT schedule.cron: stands beside",
        "cron = \"0 6 * * *\", starting-at = \"06:00\" "
            + "| 4:32: CONFIG_CONFLICT schedule.starting-at: stands beside cron",
        "cron = [1] | 4:12: CONFIG_WRONG_TYPE schedule.cron: must be a text",
      })
  void whatIsWrongIsReportedAtItsPlace(String written, String expected) {
    assertThat(problems("schedule { " + written.trim() + " }"))
        .singleElement()
        .asString()
        .startsWith("job.conf:" + expected);
  }

  @Test
  void aWordIsNoBlock() {
    assertThat(problems("schedul { every = 1h }"))
        .singleElement()
        .asString()
        .contains("did you mean schedule?");
    assertThat(problems("schedule = daily"))
        .singleElement()
        .asString()
        .startsWith("job.conf:4:1: CONFIG_WRONG_TYPE schedule: must be a block");
  }
}
