package io.penstock.common.emit;

import static io.penstock.common.emit.Emissions.BERLIN;
import static io.penstock.common.emit.Emissions.CLUSTER;
import static io.penstock.common.emit.Emissions.NOW;
import static io.penstock.common.emit.Emissions.ROLE;
import static io.penstock.common.emit.Emissions.SERVERLESS;
import static io.penstock.common.emit.Emissions.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schedule.Schedule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quartz.CronExpression;

class CrontabTest {
  private static final int RUNS = 1200;

  static Stream<Arguments> exact() {
    return Stream.of(
        Arguments.of(Emissions.cron("0 6 * * MON-FRI", BERLIN), true, BERLIN),
        Arguments.of(Emissions.cron("15 */4 1-7 * *", UTC), false, UTC),
        Arguments.of(Emissions.daily(30, "06:00", BERLIN), false, UTC),
        Arguments.of(Emissions.daily(30, "06:10", ZoneId.of("Asia/Kolkata")), false, UTC),
        Arguments.of(Emissions.daily(360, "06:00", BERLIN), true, BERLIN),
        Arguments.of(Emissions.daily(90, "06:00", UTC), false, UTC),
        Arguments.of(Emissions.daily(1440, "01:30", ZoneId.of("Asia/Kolkata")), false, UTC));
  }

  @ParameterizedTest
  @MethodSource("exact")
  void itsLinesAreTheSchedule(Schedule schedule, boolean knowsZones, ZoneId zone) throws Exception {
    List<String> lines = Crontab.text(Emissions.of(schedule), knowsZones).lines().toList();
    if (knowsZones) {
      assertThat(lines).contains("CRON_TZ=" + zone);
    } else {
      assertThat(lines).noneMatch(line -> line.startsWith("CRON_TZ"));
    }
    List<CronExpression> judges = new ArrayList<>();
    for (String line : lines) {
      if (Character.isDigit(line.charAt(0)) || line.startsWith("*")) {
        judges.add(quartz(line, zone));
      }
    }
    Instant at = NOW;
    for (Instant run : schedule.next(NOW, RUNS)) {
      Instant after = at;
      Instant expected =
          judges.stream()
              .map(judge -> judge.getNextValidTimeAfter(Date.from(after)).toInstant())
              .min(Instant::compareTo)
              .orElseThrow();
      assertThat(run).isEqualTo(expected);
      at = run;
    }
  }

  private static CronExpression quartz(String line, ZoneId zone) throws Exception {
    String[] f = line.split(" ", 6);
    // none of the schedules above restricts both kinds of day
    boolean inWeek = !f[4].equals("*");
    String week = inWeek ? f[4].replace("1-5", "MON-FRI") : "?";
    String text = String.join(" ", "0", f[0], f[1], inWeek ? "?" : f[2], f[3], week);
    CronExpression expression = new CronExpression(text);
    expression.setTimeZone(TimeZone.getTimeZone(zone));
    return expression;
  }

  /** What the shell makes of the command that cron gives it. */
  private static List<String> shell(Emission emission) throws Exception {
    String line = Crontab.text(emission, false).lines().reduce((first, last) -> last).orElseThrow();
    String command = line.split(" ", 6)[5];
    // crontab(5): the first % that has no backslash ends the command
    assertThat(command.replace("\\%", "")).doesNotContain("%");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "date() { [ \"$2\" = '+%Y-%m-%dT%H:%M:00Z' ] && echo 2026-11-21T06:00:00Z; }\n"
                    + "aws() { printf '%s\\0' \"$@\"; }\n"
                    + command.replace("\\%", "%"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return List.of(printed.split("\0"));
  }

  @Test
  void itStartsAJobOfEmrServerless() throws Exception {
    List<String> command = shell(Emissions.of(Emissions.daily(30, "06:00", BERLIN), SERVERLESS));

    assertThat(command.subList(0, 9))
        .containsExactly(
            "emr-serverless",
            "start-job-run",
            "--application-id",
            "00f1abcd2345",
            "--execution-role-arn",
            ROLE,
            "--name",
            "customer-profiles",
            "--job-driver");
    JsonNode submit = new ObjectMapper().readTree(command.get(9)).path("sparkSubmit");
    assertThat(command).hasSize(10);
    assertThat(submit.path("entryPoint").asText())
        .isEqualTo("s3://acme-artifacts/penstock-jobs.jar");
    assertThat(texts(submit.path("entryPointArguments")))
        .isEqualTo(Emissions.arguments("2026-11-21T06:00:00Z"));
    assertThat(submit.path("sparkSubmitParameters").asText())
        .isEqualTo("--class io.penstock.jobs.Penstock --conf spark.executor.memory=4g");
  }

  @Test
  void itAddsAStepToACluster() throws Exception {
    List<String> command = shell(Emissions.of(Emissions.daily(30, "06:00", BERLIN), CLUSTER));

    assertThat(command.subList(0, 5))
        .containsExactly("emr", "add-steps", "--cluster-id", "j-2AXXXXXXGAPLF", "--steps");
    JsonNode step = new ObjectMapper().readTree(command.get(5)).path(0);
    assertThat(command).hasSize(6);
    assertThat(step.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("Type", "Name", "ActionOnFailure", "Jar", "Args");
    assertThat(texts(step.path("Args"))).isEqualTo(Emissions.step("2026-11-21T06:00:00Z"));
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  static Stream<Arguments> inexact() {
    return Stream.of(
        Arguments.of(Emissions.cron("0 6 * * *", BERLIN), false, "add --cron-tz"),
        Arguments.of(Emissions.cron("30 2 * * *", BERLIN), true, "out of the hours"),
        Arguments.of(Emissions.cron("0 * * * *", BERLIN), true, "divides an hour"),
        Arguments.of(Emissions.from("2026-01-01T06:00", 7, BERLIN), true, "--emit eventbridge"),
        Arguments.of(Emissions.from("2026-01-01T06:00", 48, BERLIN), true, "--emit eventbridge"),
        Arguments.of(Emissions.dailyFrom(30, "2026-12-01T06:00", UTC), false, "without a date"));
  }

  @ParameterizedTest
  @MethodSource("inexact")
  void whatItCannotSayIsRefused(Schedule schedule, boolean knowsZones, String remedy) {
    assertThatThrownBy(() -> Crontab.text(Emissions.of(schedule), knowsZones))
        .isInstanceOfSatisfying(
            PenstockException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.SCHEDULE_NOT_EXPRESSIBLE);
              assertThat(refused.problem())
                  .isEqualTo("crontab cannot say 'as the job file says' exactly");
              assertThat(refused.remedy()).contains(remedy);
            });
  }
}
