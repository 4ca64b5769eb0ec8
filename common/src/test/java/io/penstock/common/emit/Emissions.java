package io.penstock.common.emit;

import io.penstock.common.emit.EmrStart.Cluster;
import io.penstock.common.emit.EmrStart.Serverless;
import io.penstock.common.emit.EmrStart.Where;
import io.penstock.common.schedule.Schedule;
import io.penstock.common.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Emissions of one job, on the afternoon of 20 November 2026. */
final class Emissions {
  static final Instant NOW = Instant.parse("2026-11-20T15:00:30Z");
  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  static final ZoneId UTC = ZoneId.of("UTC");
  static final String ROLE = "arn:aws:iam::123456789012:role/penstock";
  static final Where SERVERLESS = new Serverless("00f1abcd2345", ROLE);
  static final Where CLUSTER = new Cluster("j-2AXXXXXXGAPLF");

  /** What shells, crontab, Jinja and the intrinsic functions of state machines would read. */
  static final String HOSTILE = "a.b=it's 100% {{ now }} \\ \"x\" {% $HOME `id` #} <é>";

  private Emissions() {}

  static EmrStart start(Where where) {
    return new EmrStart(
        "customer-profiles",
        where,
        "s3://acme-artifacts/penstock-jobs.jar",
        "s3://acme-artifacts/jobs/customer-profiles.conf",
        List.of("-D", HOSTILE),
        List.of("--conf", "spark.executor.memory=4g"));
  }

  static List<String> arguments(String runId) {
    return List.of(
        "run", "s3://acme-artifacts/jobs/customer-profiles.conf", "-D", HOSTILE, "--run-id", runId);
  }

  static List<String> step(String runId) {
    java.util.ArrayList<String> command =
        new java.util.ArrayList<>(
            List.of(
                "spark-submit",
                "--master",
                "yarn",
                "--deploy-mode",
                "client",
                "--conf",
                "spark.executor.memory=4g",
                "--class",
                "io.penstock.jobs.Penstock",
                "s3://acme-artifacts/penstock-jobs.jar"));
    command.addAll(arguments(runId));
    return command;
  }

  static Emission of(Schedule schedule, Where where) {
    return new Emission(start(where), "as the job file says", schedule, NOW);
  }

  static Emission of(Schedule schedule) {
    return of(schedule, SERVERLESS);
  }

  static Schedule cron(String text, ZoneId zone) {
    return Schedules.cron(text, zone);
  }

  static Schedule daily(int minutes, String time, ZoneId zone) {
    return Schedules.daily(
        Duration.ofMinutes(minutes), LocalTime.parse(time), zone, Optional.empty());
  }

  static Schedule dailyFrom(int minutes, String first, ZoneId zone) {
    LocalDateTime start = LocalDateTime.parse(first);
    Optional<LocalDate> day = Optional.of(start.toLocalDate());
    return Schedules.daily(Duration.ofMinutes(minutes), start.toLocalTime(), zone, day);
  }

  static Schedule from(String first, int hours, ZoneId zone) {
    return Schedules.from(LocalDateTime.parse(first), Duration.ofHours(hours), zone);
  }
}
