package io.penstock.common.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

/** Cron expressions, and the lines that are made of them, as Quartz understands them. */
class CronScheduleTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final long SPAN_MINUTES = 8L * 366 * 24 * 60;

  /** What crontab means, said to Quartz; two expressions where either day counts. */
  private static List<CronExpression> quartz(String crontab) throws ParseException {
    String[] f = crontab.split(" ");
    String week = counted(f[4]);
    String prefix = "0 " + f[0] + " " + f[1] + " ";
    if (f[4].equals("*")) {
      return List.of(quartzOf(prefix + f[2] + " " + f[3] + " ?"));
    }
    CronExpression ofWeek = quartzOf(prefix + "? " + f[3] + " " + week);
    return f[2].equals("*")
        ? List.of(ofWeek)
        : List.of(ofWeek, quartzOf(prefix + f[2] + " " + f[3] + " ?"));
  }

  /** Quartz counts the days of the week from 1, which is Sunday. */
  private static String counted(String week) {
    StringBuilder counted = new StringBuilder();
    for (String item : week.split("((?<=[,/-])|(?=[,/-]))")) {
      boolean step = counted.toString().endsWith("/");
      boolean day = item.matches("\\d") && !step;
      counted.append(day ? Integer.toString(Integer.parseInt(item) % 7 + 1) : item);
    }
    return counted.toString();
  }

  private static CronExpression quartzOf(String text) throws ParseException {
    CronExpression expression = new CronExpression(text);
    expression.setTimeZone(TimeZone.getTimeZone("UTC"));
    return expression;
  }

  private static Instant next(List<CronExpression> judges, Instant after) {
    return judges.stream()
        .map(judge -> judge.getNextValidTimeAfter(Date.from(after)).toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static Instant instant(Random random) {
    return Instant.parse("2025-01-01T00:00:00Z")
        .plus((long) (random.nextDouble() * SPAN_MINUTES), ChronoUnit.MINUTES)
        .plusSeconds(random.nextInt(60));
  }

  private static String field(Random random, int least, int most) {
    int low = least + random.nextInt(most - least + 1);
    int high = low + random.nextInt(most - low + 1);
    return switch (random.nextInt(7)) {
      case 0 -> Integer.toString(low);
      case 1 -> low + "-" + high;
      case 2 -> low + "-" + high + "/" + (1 + random.nextInt(4));
      case 3 -> least + "," + low + "," + high;
      case 4 -> low + "-" + high + "," + most;
      default -> "*";
    };
  }

  @Test
  void nextTimesAreThoseOfQuartz() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      String text =
          String.join(
              " ",
              random.nextBoolean() ? field(random, 0, 59) : "*/" + (1 + random.nextInt(30)),
              random.nextBoolean() ? field(random, 0, 23) : "*/" + (1 + random.nextInt(12)),
              field(random, 1, 28),
              field(random, 1, 12),
              field(random, 0, 6));
      Schedule schedule = Schedules.cron(text, UTC);
      List<CronExpression> judges = quartz(text);
      List<CronExpression> again = quartz(CronLine.of(schedule).orElseThrow().get(0).crontab());
      for (int j = 0; j < 15; j++) {
        Instant after = instant(random);
        Instant expected = next(judges, after);
        assertThat(schedule.next(after)).as("%s after %s", text, after).contains(expected);
        assertThat(next(again, after)).as("canonical %s after %s", text, after).isEqualTo(expected);
      }
    }
  }

  @Test
  void namesAndSundaysAreThoseOfCrontab() throws Exception {
    Random random = new Random(6);
    for (String text :
        List.of(
            "0 6 * * MON-FRI",
            "0 6 * * mon,wed-fri",
            "0 0 29 2 *",
            "0 0 31 */2 *",
            "59 23 28-31 DEC *",
            "*/7 1-5/2 13 * FRI",
            "0 12 * jan-mar 7",
            "0 12 * * 0",
            "0 12 * * 5-7",
            "5 4 1,15 * 2")) {
      Schedule schedule = Schedules.cron(text, UTC);
      List<CronExpression> judges = quartz(text.toUpperCase(Locale.ROOT));
      for (int j = 0; j < 200; j++) {
        Instant after = instant(random);
        assertThat(schedule.next(after))
            .as("%s after %s", text, after)
            .contains(next(judges, after));
      }
    }
  }

  @Test
  void expressionsForEventBridgeAreThoseOfQuartzWithoutSeconds() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      boolean inMonth = random.nextBoolean();
      String text =
          String.join(
              " ",
              field(random, 0, 59),
              field(random, 0, 23),
              inMonth ? field(random, 1, 28) : "*",
              field(random, 1, 12),
              inMonth ? "*" : field(random, 0, 6));
      Schedule schedule = Schedules.cron(text, UTC);
      String written = CronLine.of(schedule).orElseThrow().get(0).eventBridge().orElseThrow();
      assertThat(written.split(" ")).hasSize(6);
      List<CronExpression> judge = List.of(quartzOf("0 " + written));
      for (int j = 0; j < 10; j++) {
        Instant after = instant(random);
        assertThat(schedule.next(after)).as("%s: %s", text, written).contains(next(judge, after));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 6 * * MON-FRI | 0 6 * * 1-5 | 0 6 ? * MON-FRI *",
        "0 6 * * 0,6 | 0 6 * * 0,6 | 0 6 ? * SUN,SAT *",
        "*/15 * 1 * * | 0,15,30,45 * 1 * * | 0,15,30,45 * 1 * ? *",
        "0 0 * * * | 0 0 * * * | 0 0 * * ? *",
        "0 0 1-31 1,2,3,5 1 | 0 0 * 1-3,5 * | 0 0 * 1-3,5 ? *",
      })
  void linesAreShort(String text, String crontab, String eventBridge) {
    CronLine line = CronLine.of(Schedules.cron(text, UTC)).orElseThrow().get(0);
    assertThat(line.crontab()).isEqualTo(crontab);
    assertThat(line.eventBridge()).contains(eventBridge);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "@daily",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 * ",
        "* * * * 8",
        "5/15 * * * *",
        "*/0 * * * *",
        "5-1 * * * *",
        "1,,2 * * * *",
        "1, * * * *",
        "* * L * *",
        "* * 15W * *",
        "* * * * 5L",
        "* * * * 5#2",
        "* * ? * *",
        "0 0 */2 * MON",
        "0 0 1 * */2",
        "0 0 */2 * */2",
        "0 0 31 2 *",
        "0 0 30 FEB *",
        "x * * * *",
        "* * * * MONDAY",
        "0 6 * * MON-",
        "1-2-3 * * * *",
        "*-5 * * * *",
        "99999999999 * * * *",
        "0|30 * * * *",
        "0 0 1 1 * || 0 0 2 1 *",
        "-1 * * * *",
        "*,* * * * x"
      })
  void whatCronsDoNotAllUnderstandIsRefused(String text) {
    assertThatThrownBy(() -> Schedules.cron(text, UTC))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .message()
        .matches("(has|holds|names|is not a cron expression:) .+");
  }
}
