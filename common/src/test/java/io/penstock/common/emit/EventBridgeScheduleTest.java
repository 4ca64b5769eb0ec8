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
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Schedules of EventBridge Scheduler, held against the shapes of its API:
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html.
 */
class EventBridgeScheduleTest {
  private static final String MACHINE =
      "arn:aws:states:eu-central-1:123456789012:stateMachine:customer-profiles";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode document(Emission emission, Optional<String> machine) throws Exception {
    JsonNode schedule =
        JSON.readTree(EventBridgeSchedule.document(emission, ROLE, machine).toPrettyString());
    requireCreateSchedule(schedule);
    return schedule;
  }

  private static JsonNode document(Schedule schedule) throws Exception {
    return document(Emissions.of(schedule), Optional.empty());
  }

  private static Set<String> members(JsonNode node) {
    Set<String> members = new TreeSet<>();
    node.fieldNames().forEachRemaining(members::add);
    return members;
  }

  /** The members that the API requires and knows, and the forms that it documents. */
  private static void requireCreateSchedule(JsonNode schedule) {
    assertThat(members(schedule))
        .contains("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        .isSubsetOf(
            "Name",
            "ActionAfterCompletion",
            "ClientToken",
            "Description",
            "EndDate",
            "FlexibleTimeWindow",
            "GroupName",
            "KmsKeyArn",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartDate",
            "State",
            "Target");
    assertThat(schedule.path("Name").textValue()).matches("[0-9a-zA-Z-_.]{1,64}");
    assertThat(schedule.path("Description").textValue()).hasSizeLessThanOrEqualTo(512);
    assertThat(schedule.path("ScheduleExpression").textValue())
        .hasSizeBetween(1, 256)
        .matches("cron\\((\\S+ ){5}\\S+\\)|rate\\([1-9]\\d* (minute|hour|day)s?\\)");
    assertThat(schedule.path("ScheduleExpressionTimezone").textValue()).hasSizeBetween(1, 50);
    assertThat(ZoneId.getAvailableZoneIds())
        .contains(schedule.path("ScheduleExpressionTimezone").textValue());
    assertThat(schedule.path("State").textValue()).isIn("ENABLED", "DISABLED");
    assertThat(members(schedule.path("FlexibleTimeWindow"))).containsExactly("Mode");
    assertThat(schedule.at("/FlexibleTimeWindow/Mode").textValue()).isEqualTo("OFF");
    JsonNode target = schedule.path("Target");
    assertThat(members(target)).containsExactly("Arn", "Input", "RetryPolicy", "RoleArn");
    assertThat(target.path("RoleArn").textValue())
        .matches("arn:aws[a-z-]*:iam::\\d{12}:role\\/?[a-zA-Z_0-9+=,.@\\-_/]+");
    assertThat(target.at("/RetryPolicy/MaximumRetryAttempts").intValue()).isBetween(0, 185);
    assertThat(target.at("/RetryPolicy/MaximumEventAgeInSeconds").intValue()).isBetween(60, 86_400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 6 * * MON-FRI | Europe/Berlin | cron(0 6 ? * MON-FRI *)",
        "30 2 * * * | Europe/Berlin | cron(30 2 * * ? *)",
        "0 6 1 * * | America/New_York | cron(0 6 1 * ? *)",
      })
  void aCronExpressionHasItsZone(String text, String zone, String expression) throws Exception {
    JsonNode schedule = document(Emissions.cron(text, ZoneId.of(zone)));

    assertThat(schedule.path("ScheduleExpression").asText()).isEqualTo(expression);
    assertThat(schedule.path("ScheduleExpressionTimezone").asText()).isEqualTo(zone);
    assertThat(schedule.has("StartDate")).isFalse();
  }

  @Test
  void anIntervalIsACronExpressionWhereThatIsTheSame() throws Exception {
    JsonNode half = document(Emissions.daily(30, "06:00", BERLIN));
    JsonNode sixHours = document(Emissions.daily(360, "06:00", BERLIN));
    JsonNode later = document(Emissions.dailyFrom(360, "2026-12-01T06:00", BERLIN));

    assertThat(half.path("ScheduleExpression").asText()).isEqualTo("cron(0,30 * * * ? *)");
    assertThat(half.path("ScheduleExpressionTimezone").asText()).isEqualTo("UTC");
    assertThat(sixHours.path("ScheduleExpression").asText()).isEqualTo("cron(0 0,6,12,18 * * ? *)");
    assertThat(sixHours.path("ScheduleExpressionTimezone").asText()).isEqualTo("Europe/Berlin");
    assertThat(later.path("StartDate").asText()).isEqualTo("2026-12-01T05:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "7, Europe/Berlin, rate(7 hours)",
    "48, UTC, rate(2 days)",
    "24, UTC, cron(0 6 * * ? *)"
  })
  void anIntervalIsElseARateFromTheNextRunOn(int hours, String zone, String expression)
      throws Exception {
    Schedule schedule =
        hours == 24
            ? Emissions.daily(1440, "06:00", UTC)
            : Emissions.from("2026-01-01T06:00", hours, ZoneId.of(zone));
    JsonNode document = document(schedule);

    assertThat(document.path("ScheduleExpression").asText()).isEqualTo(expression);
    if (expression.startsWith("rate")) {
      Instant start = Instant.parse(document.path("StartDate").asText());
      assertThat(start).isAfter(NOW);
      for (Instant run : schedule.next(NOW, 500)) {
        assertThat(run).isEqualTo(start);
        start = start.plus(Duration.ofHours(hours));
      }
    }
  }

  @Test
  void itStartsAJobOfEmrServerlessByTheScheduledTime() throws Exception {
    JsonNode target =
        document(Emissions.of(Emissions.daily(30, "06:00", UTC), SERVERLESS), Optional.empty())
            .path("Target");

    assertThat(target.path("Arn").asText())
        .isEqualTo("arn:aws:scheduler:::aws-sdk:emrserverless:startJobRun");
    JsonNode request = JSON.readTree(target.path("Input").asText());
    // required by StartJobRun: applicationId, clientToken, executionRoleArn
    assertThat(members(request))
        .containsExactly("ApplicationId", "ClientToken", "ExecutionRoleArn", "JobDriver", "Name");
    assertThat(request.path("ClientToken").asText()).isEqualTo("<aws.scheduler.execution-id>");
    JsonNode submit = request.at("/JobDriver/SparkSubmit");
    assertThat(members(submit))
        .containsExactly("EntryPoint", "EntryPointArguments", "SparkSubmitParameters");
    assertThat(CrontabTest.texts(submit.path("EntryPointArguments")))
        .isEqualTo(Emissions.arguments("<aws.scheduler.scheduled-time>"));
  }

  @Test
  void itAddsAStepToAClusterByTheScheduledTime() throws Exception {
    JsonNode target =
        document(Emissions.of(Emissions.daily(30, "06:00", UTC), CLUSTER), Optional.empty())
            .path("Target");

    assertThat(target.path("Arn").asText())
        .isEqualTo("arn:aws:scheduler:::aws-sdk:emr:addJobFlowSteps");
    JsonNode request = JSON.readTree(target.path("Input").asText());
    assertThat(members(request)).containsExactly("JobFlowId", "Steps");
    JsonNode step = request.at("/Steps/0");
    assertThat(members(step)).containsExactly("ActionOnFailure", "HadoopJarStep", "Name");
    assertThat(CrontabTest.texts(step.at("/HadoopJarStep/Args")))
        .isEqualTo(Emissions.step("<aws.scheduler.scheduled-time>"));
  }

  @Test
  void itStartsAStateMachineWithTheScheduledTime() throws Exception {
    JsonNode target =
        document(Emissions.of(Emissions.daily(30, "06:00", UTC)), Optional.of(MACHINE))
            .path("Target");

    assertThat(target.path("Arn").asText()).isEqualTo(MACHINE);
    assertThat(JSON.readTree(target.path("Input").asText()))
        .isEqualTo(JSON.readTree("{\"scheduledTime\": \"<aws.scheduler.scheduled-time>\"}"));
  }

  @Test
  void partitionsAreThoseOfTheRole() {
    String role = "arn:aws-cn:iam::123456789012:role/penstock";
    assertThat(
            EventBridgeSchedule.document(
                    Emissions.of(Emissions.daily(30, "06:00", UTC)), role, Optional.empty())
                .at("/Target/Arn")
                .asText())
        .startsWith("arn:aws-cn:scheduler:");
  }

  @Test
  void whatItCannotSayIsRefused() {
    for (Schedule schedule :
        List.of(
            Emissions.cron("0 6 1 * MON", BERLIN),
            Emissions.daily(90, "06:00", BERLIN),
            Emissions.from("2026-01-01T06:00", 48, BERLIN))) {
      assertThatThrownBy(() -> document(schedule))
          .isInstanceOf(PenstockException.class)
          .hasMessageStartingWith("SCHEDULE_NOT_EXPRESSIBLE: EventBridge Scheduler cannot say ");
    }
  }
}
