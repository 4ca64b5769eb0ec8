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
import io.penstock.common.error.PenstockException;
import io.penstock.common.schedule.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DAGs as Python's compiler and syntax tree see them. */
class AirflowDagTest {
  private static final String JUDGE = "src/test/resources/judges/read_dag.py";

  @TempDir private Path folder = Path.of("");

  private JsonNode dag(Emission emission) throws Exception {
    Path file = Files.writeString(folder.resolve("dag.py"), AirflowDag.text(emission));
    Process python =
        new ProcessBuilder("python3", JUDGE, file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    JsonNode dag = new ObjectMapper().readTree(python.getInputStream().readAllBytes());
    assertThat(python.waitFor()).isZero();
    assertThat(dag.path("unknown")).isEmpty();
    assertThat(dag.path("unused")).isEmpty();
    assertThat(dag.at("/dag/call").asText()).isEqualTo("DAG");
    assertThat(dag.at("/dag/named/dag_id").asText()).isEqualTo("customer-profiles");
    assertThat(dag.at("/dag/named/max_active_runs").asInt()).isEqualTo(1);
    assertThat(dag.at("/imported/DAG").asText()).isEqualTo("airflow");
    assertThat(dag.path("title").asText()).isEqualTo("customer-profiles: as the job file says");
    return dag;
  }

  private static Instant startDate(JsonNode dag) {
    JsonNode start = dag.at("/dag/named/start_date");
    assertThat(start.at("/named/tzinfo").asText()).isEqualTo("timezone.utc");
    JsonNode n = start.path("arguments");
    return LocalDateTime.of(
            n.path(0).asInt(),
            n.path(1).asInt(),
            n.path(2).asInt(),
            n.path(3).asInt(),
            n.path(4).asInt())
        .toInstant(ZoneOffset.UTC);
  }

  /** Jinja yields the text of the template that stands for it. */
  private static List<String> rendered(JsonNode array) {
    return CrontabTest.texts(array).stream().map(text -> text.replace("{{ '{' }}", "{")).toList();
  }

  @Test
  void aCronExpressionHasItsZone() throws Exception {
    JsonNode dag = dag(Emissions.of(Emissions.cron("0 6 * * MON-FRI", BERLIN), SERVERLESS));

    JsonNode timetable = dag.at("/dag/named/schedule");
    assertThat(timetable.path("call").asText()).isEqualTo("CronTriggerTimetable");
    assertThat(timetable.at("/arguments/0").asText()).isEqualTo("0 6 * * 1-5");
    assertThat(timetable.at("/named/timezone").asText()).isEqualTo("Europe/Berlin");
    assertThat(dag.at("/imported/CronTriggerTimetable").asText())
        .isEqualTo("airflow.timetables.trigger");
    assertThat(dag.at("/dag/named/catchup").asBoolean(true)).isFalse();
    assertThat(startDate(dag)).isEqualTo("2026-11-23T05:00:00Z");
    JsonNode task = dag.path("task");
    assertThat(task.path("call").asText()).isEqualTo("EmrServerlessStartJobOperator");
    assertThat(dag.at("/imported/EmrServerlessStartJobOperator").asText())
        .isEqualTo("airflow.providers.amazon.aws.operators.emr");
    assertThat(task.at("/named/task_id").asText()).isEqualTo("run");
    assertThat(task.at("/named/application_id").asText()).isEqualTo("00f1abcd2345");
    assertThat(task.at("/named/execution_role_arn").asText()).isEqualTo(ROLE);
    assertThat(task.at("/named/wait_for_completion").asBoolean()).isTrue();
    JsonNode arguments = task.at("/named/job_driver/sparkSubmit/entryPointArguments");
    assertThat(rendered(arguments)).isEqualTo(Emissions.arguments("{{ run_id }}"));
    // nothing but the run id is a template
    assertThat(arguments.toString().replace("{{ '{' }}", ""))
        .containsOnlyOnce("{{")
        .doesNotContain("{%", "{#");
  }

  @Test
  void aStepOfAClusterHasTheWholeCommand() throws Exception {
    JsonNode dag = dag(Emissions.of(Emissions.daily(360, "06:00", UTC), CLUSTER));

    assertThat(dag.at("/dag/named/schedule/arguments/0").asText()).isEqualTo("0 0,6,12,18 * * *");
    assertThat(dag.at("/dag/named/schedule/named/timezone").asText()).isEqualTo("UTC");
    JsonNode task = dag.path("task");
    assertThat(task.path("call").asText()).isEqualTo("EmrAddStepsOperator");
    assertThat(task.at("/named/job_flow_id").asText()).isEqualTo("j-2AXXXXXXGAPLF");
    JsonNode step = task.at("/named/steps/0");
    assertThat(step.at("/HadoopJarStep/Jar").asText()).isEqualTo("command-runner.jar");
    assertThat(step.path("ActionOnFailure").asText()).isEqualTo("CONTINUE");
    assertThat(rendered(step.at("/HadoopJarStep/Args"))).isEqualTo(Emissions.step("{{ run_id }}"));
  }

  @Test
  void anIntervalIsCountedFromTheRunBeforeTheNext() throws Exception {
    Schedule schedule = Emissions.from("2026-01-01T06:00", 7, BERLIN);
    JsonNode dag = dag(Emissions.of(schedule));

    assertThat(dag.at("/dag/named/schedule/call").asText()).isEqualTo("DeltaDataIntervalTimetable");
    assertThat(dag.at("/imported/DeltaDataIntervalTimetable").asText())
        .isEqualTo("airflow.timetables.interval");
    assertThat(dag.at("/dag/named/schedule/arguments/0/named/minutes").asInt()).isEqualTo(420);
    assertThat(dag.at("/dag/named/catchup").asBoolean()).isTrue();
    // a run starts at the end of its interval
    assertThat(startDate(dag).plus(Duration.ofHours(7)))
        .isEqualTo(schedule.next(NOW).orElseThrow());
  }

  @Test
  void whatItCannotSayIsRefused() {
    for (Schedule schedule :
        List.of(
            Emissions.cron("30 2 * * *", BERLIN),
            Emissions.daily(90, "06:00", BERLIN),
            Emissions.from("2026-01-01T06:00", 48, BERLIN))) {
      assertThatThrownBy(() -> AirflowDag.text(Emissions.of(schedule)))
          .isInstanceOf(PenstockException.class)
          .hasMessageStartingWith("SCHEDULE_NOT_EXPRESSIBLE: Airflow cannot say ")
          .hasMessageContaining("zone = \"UTC\"");
    }
  }
}
