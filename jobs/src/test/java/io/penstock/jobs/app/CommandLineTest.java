package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.RunStatus;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that need no Spark. */
class CommandLineTest {
  @TempDir private Path folder = Path.of("");
  private Path job = Path.of("");

  @BeforeEach
  void jobFile() throws Exception {
    job =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            job = "people"
            sources { people { format = csv, path = "people.csv", schema = "id BIGINT" } }
            destinations { files { type = s3, directory = "out", format = csv } }
            state = "state"
            """);
  }

  private record Answer(int exitCode, String out, String err) {
    JsonNode json() throws Exception {
      return new ObjectMapper().readTree(out);
    }
  }

  private static Answer execute(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int exitCode = Commands.execute(arguments);
      return new Answer(
          exitCode,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void checkSaysThatAJobFileIsRight() throws Exception {
    Answer text = execute("check", job.toString());
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .isEqualToIgnoringNewLines("ok: job people, 1 source(s), 1 destination(s)");
    assertThat(execute("check", job.toString(), "--quiet").out()).isEmpty();
    assertThat(execute("check", job.toString(), "--json").json().path("status").asText())
        .isEqualTo("ok");
  }

  @Test
  void checkListsEveryProblem() throws Exception {
    Answer answer =
        execute("check", job.toString(), "--json", "-D", "stat=x", "-D", "rejects.maximum=1");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.json().path("problems")).hasSize(2);
    assertThat(answer.json().at("/problems/0/code").asText()).isEqualTo("CONFIG_UNKNOWN_KEY");
    assertThat(answer.err().lines()).hasSize(2);
  }

  @Test
  void checkRefusesAnInlineKeyAtItsPlace() throws Exception {
    Files.writeString(
        job,
        """
        job = "people"
        sources { people { format = csv, path = "people.csv", schema = "id BIGINT" } }
        destinations { files { type = s3, directory = "out", format = csv,
          pgp { public-key = "no key" }
        } }
        """);
    Answer answer = execute("check", job.toString(), "--json");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err())
        .startsWith(
            job + ":4:9: PGP_KEY_REFUSED destinations.files.pgp.public-key: cannot be used: ");
    assertThat(answer.json().at("/problems/0/code").asText()).isEqualTo("PGP_KEY_REFUSED");
    assertThat(
            execute("check", job.toString(), "-D", "destinations.files.pgp.public-key.env=KEY")
                .err())
        .isEmpty();
  }

  @Test
  void aWrongCommandLineIsRefusedInBothForms() throws Exception {
    Answer answer = execute("run", job.toString(), "--run-idd", "x", "--json");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).startsWith("USAGE: ").contains("--run-id");
    assertThat(answer.json().at("/error/code").asText()).isEqualTo("USAGE");
    assertThat(execute("run", job.toString(), "--run-idd", "x").out()).isEmpty();
  }

  @Test
  void aRunIdThatIsNoKeyIsRefused() {
    Answer answer = execute("run", job.toString(), "--run-id", "a/b");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).startsWith("USAGE: the run id cannot be part of an object key");
  }

  private static final String WAREHOUSE =
      """
      destinations { warehouse {
        type = redshift
        connection { host = "wh", database = "dev", user = "loader", password = "Canary7f3a" }
        staging { bucket = "acme-staging" }
        table { name = "profiles" }
      } }
      """;

  @Test
  void grantsArePrintedOneStatementALine() throws Exception {
    Files.writeString(job, Files.readString(job) + WAREHOUSE);

    List<String> first = execute("grants", job.toString()).out().lines().toList();
    List<String> again = execute("grants", job.toString(), "--quiet").out().lines().toList();

    assertThat(first.stream().filter(line -> !line.startsWith("--")))
        .hasSize(6)
        .allMatch(line -> line.matches("(CREATE|GRANT) [^;]+;"))
        .doesNotContainAnyElementsOf(again.subList(0, 1))
        .containsAll(again.subList(1, 6));
    assertThat(first)
        .contains(
            "-- GRANT INSERT ON TABLE \"public\".\"profiles\" TO \"loader\";",
            "-- Its password goes where destinations.warehouse.connection.password looks: ***");
    assertThat(execute("grants", job.toString(), "--existing-tables").out().lines())
        .contains("GRANT INSERT ON TABLE \"public\".\"profiles\" TO \"loader\";");
  }

  @Test
  void grantsAsJsonTellWhenToRunThem() throws Exception {
    Files.writeString(job, Files.readString(job) + WAREHOUSE);

    Answer answer = execute("grants", job.toString(), "--json", "--password", "placeholder");

    assertThat(answer.exitCode()).isZero();
    JsonNode user = answer.json().at("/users/0");
    assertThat(user.path("user").asText()).isEqualTo("loader");
    assertThat(user.path("database").asText()).isEqualTo("dev");
    assertThat(user.at("/statements/0/sql").asText())
        .isEqualTo("CREATE USER \"loader\" WITH PASSWORD '<password>'");
    assertThat(user.path("statements").findValuesAsText("when"))
        .containsExactly(
            "always", "always", "always", "always", "always", "always", "table-exists");
  }

  @Test
  void noFormOfGrantsShowsAPasswordThatWasGiven() throws Exception {
    Files.writeString(job, Files.readString(job) + WAREHOUSE);
    Path right = Files.writeString(folder.resolve("right"), "Canary7f3a\n");
    Path wrong = Files.writeString(folder.resolve("wrong"), "Canary7f3a@\n");

    Answer digest = execute("grants", job.toString(), "--password-file", right.toString());
    Answer refused = execute("grants", job.toString(), "--password-file", wrong.toString());
    Answer missing = execute("grants", job.toString(), "--password-file", folder + "/none");

    // echo -n Canary7f3aloader | md5sum
    assertThat(digest.out()).contains("WITH PASSWORD 'md54d1ddb0ab47b019ff849055686033b26';");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).startsWith("USAGE: the password of --password-file is none");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).startsWith("SECRET_UNRESOLVED: ");
    for (Answer answer :
        List.of(digest, refused, missing, execute("grants", job.toString(), "--json"))) {
      assertThat(answer.out() + answer.err()).doesNotContain("Canary");
    }
  }

  @Test
  void aJobWithoutTablesNeedsNoGrants() throws Exception {
    Answer answer = execute("grants", job.toString());

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out().lines()).singleElement().asString().startsWith("-- Job people has no");
    assertThat(execute("grants", job.toString(), "--json").json().path("users")).isEmpty();
  }

  private static final String SCHEDULE =
      "schedule { every = \"6 hours\", starting-at = \"06:00\", zone = \"Europe/Berlin\" }\n";
  private static final List<String> ON_EMR =
      List.of(
          "--jar=s3://acme/penstock-jobs.jar",
          "--job-location=s3://acme/jobs/people.conf",
          "--application-id=00f1abcd2345",
          "--execution-role=arn:aws:iam::123456789012:role/penstock");

  private Answer schedule(String... options) {
    return schedule(List.of(options));
  }

  private Answer schedule(List<String> options) {
    List<String> command = new ArrayList<>(List.of("schedule", job.toString()));
    command.addAll(options);
    return execute(command.toArray(String[]::new));
  }

  private static List<String> onEmr(String... options) {
    List<String> all = new ArrayList<>(ON_EMR);
    all.addAll(List.of(options));
    return all;
  }

  @Test
  void theNextRunsArePrintedInTheZoneAndInUtc() throws Exception {
    Files.writeString(job, Files.readString(job) + SCHEDULE);
    String after = "2026-10-24T20:00:00+02:00";

    assertThat(schedule("--next", "3", "--after", after).out().lines())
        .containsExactly(
            "people: every 6 hours starting at 06:00 in Europe/Berlin",
            "Europe/Berlin                UTC",
            "---------------------------  --------------------",
            "Sun 2026-10-25 00:00 +02:00  2026-10-24T22:00:00Z",
            "Sun 2026-10-25 06:00 +01:00  2026-10-25T05:00:00Z",
            "Sun 2026-10-25 12:00 +01:00  2026-10-25T11:00:00Z");
    JsonNode document = schedule("--next", "2", "--after", after, "--json").json();
    assertThat(document.path("zone").asText()).isEqualTo("Europe/Berlin");
    assertThat(document.path("next").findValuesAsText("at"))
        .containsExactly("2026-10-25T00:00:00+02:00", "2026-10-25T06:00:00+01:00");
    assertThat(document.path("next").findValuesAsText("utc"))
        .containsExactly("2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z");
    Instant now = Instant.now();
    assertThat(schedule("--json").json().path("next"))
        .hasSize(5)
        .allMatch(run -> Instant.parse(run.path("utc").asText()).isAfter(now));
  }

  @Test
  void definitionsForOtherSchedulersArePrinted() throws Exception {
    Files.writeString(job, Files.readString(job) + SCHEDULE);

    Answer cron = schedule(onEmr("--emit", "cron", "--cron-tz", "-D", "state=s3a://acme/state"));
    assertThat(cron.err()).isEmpty();
    assertThat(cron.out())
        .contains("CRON_TZ=Europe/Berlin\n0 0,6,12,18 * * * aws emr-serverless start-job-run ")
        .contains("\"run\",\"s3://acme/jobs/people.conf\",\"-D\",\"state=s3a://acme/state\",");
    assertThat(schedule(onEmr("--emit", "airflow")).out()).contains("CronTriggerTimetable");
    JsonNode bridge =
        schedule(
                onEmr(
                    "--emit=eventbridge",
                    "--scheduler-role=arn:aws:iam::123456789012:role/scheduler",
                    "--json"))
            .json();
    assertThat(bridge.path("form").asText()).isEqualTo("eventbridge");
    assertThat(bridge.at("/definition/ScheduleExpression").asText())
        .isEqualTo("cron(0 0,6,12,18 * * ? *)");
    assertThat(schedule(onEmr("--emit", "step-functions")).json().path("StartAt").asText())
        .isEqualTo("RunJob");
  }

  @Test
  void definitionsThatLackSomethingOrHoldASecretAreRefused() throws Exception {
    assertThat(schedule().err())
        .startsWith("CONFIG_MISSING_KEY: job people has no schedule")
        .contains("schedule { every");
    Files.writeString(job, Files.readString(job) + SCHEDULE);

    assertThat(schedule("--emit", "eventbridge").err())
        .startsWith("USAGE: ")
        .contains("--application-id", "--jar", "--scheduler-role");
    assertThat(schedule(onEmr("--emit", "cron")).err())
        .startsWith("SCHEDULE_NOT_EXPRESSIBLE: crontab cannot say 'every 6 hours")
        .contains("--cron-tz");
    assertThat(schedule(onEmr("--emit", "cron", "--cluster-id", "j-2AXXXXXXGAPLF")).err())
        .startsWith("USAGE: --cluster-id stands beside");
    assertThat(schedule(onEmr("--emit", "cron", "--spark-argument", "--conf a=b")).err())
        .startsWith("USAGE: a --spark-argument holds a blank");
    assertThat(schedule(onEmr("--emit", "cronn")).err()).startsWith("USAGE: ");
    Answer secret = schedule(onEmr("--emit", "airflow", "-D", "definitions.password=canary7f3a"));
    assertThat(secret.err()).startsWith("USAGE: -D definitions.password looks like a secret");
    assertThat(secret.out() + secret.err()).doesNotContain("canary");
    List<String> local = onEmr("--emit", "airflow");
    local.remove(1);
    assertThat(schedule(local).err()).startsWith("USAGE: EMR cannot read the job file " + job);
    assertThat(List.of(schedule("--after", "soon"), schedule("--next", "-1")))
        .allMatch(answer -> answer.exitCode() == 2 && answer.err().startsWith("USAGE: --"));
  }

  @Test
  void principalsAreRefusedBeforeAnyWork() throws Exception {
    Files.writeString(
        job, Files.readString(job) + "access { principals { ben { restrict-pii = false } } }\n");

    for (String command : List.of("run", "verify")) {
      Answer closed = execute(command, job.toString(), "--principal", "ben", "--json");
      assertThat(closed.exitCode()).as(command).isEqualTo(10);
      assertThat(closed.json().at("/error/code").asText()).isEqualTo("POLICY_REFUSED");
      assertThat(closed.err()).contains("destinations.files.allow-business-users = true");
    }
    for (String command :
        List.of("check", "plan", "grants", "schedule", "preview", "verify", "run", "history")) {
      Answer unknown = execute(command, job.toString(), "--principal", "eve");
      assertThat(unknown.exitCode()).as(command).isEqualTo(10);
      assertThat(unknown.out()).isEmpty();
      assertThat(unknown.err()).startsWith("POLICY_REFUSED: the principal \"eve\" is refused");
    }
    assertThat(folder.resolve("state")).doesNotExist();
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(execute("check", job.toString(), "--principal", "ben").exitCode()).isZero();
  }

  @Test
  void fewerThanNoRowsAreRefused() {
    Answer answer = execute("preview", job.toString(), "--rows", "-1");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).startsWith("USAGE: --rows -1");
  }

  @Test
  void anUnknownEnvironmentIsRefused() {
    Answer answer = execute("check", job.toString(), "--env", "nowhere");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).startsWith("USAGE: there is no environment 'nowhere'");
  }

  @Test
  void historyShowsEarlierRunsNewestFirst() throws Exception {
    try (ObjectStore state =
        ObjectStores.open(new StoreLocation.Directory(folder.resolve("state").toString()))) {
      RunRecords records = new RunRecords(state, "people");
      records.record(run("older", "2026-11-19T10:00:00Z", Optional.empty()));
      records.record(
          run(
              "newer",
              "2026-11-20T10:00:00Z",
              Optional.of(new RunError("SOURCE_UNREADABLE", "SOURCE_UNREADABLE: gone"))));
    }

    List<String> lines = execute("history", job.toString()).out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).matches("run id +status +started +seconds +rows +rejected +error");
    assertThat(lines.get(2)).matches("newer +failed .* 2\\.5 +7 +1 +SOURCE_UNREADABLE");
    assertThat(lines.get(3)).startsWith("older");
    JsonNode runs = execute("history", job.toString(), "--json", "--rows", "1").json().path("runs");
    assertThat(runs).hasSize(1);
    assertThat(runs.at("/0/runId").asText()).isEqualTo("newer");
  }

  private static RunRecord run(String runId, String startedAt, Optional<RunError> error) {
    Instant start = Instant.parse(startedAt);
    return new RunRecord(
        "people",
        runId,
        error.isPresent() ? RunStatus.FAILED : RunStatus.SUCCEEDED,
        start,
        start.plusMillis(2500),
        7,
        1,
        List.of(),
        error);
  }
}
