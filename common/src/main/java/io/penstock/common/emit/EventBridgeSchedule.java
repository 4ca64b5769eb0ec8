package io.penstock.common.emit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schedule.CronLine;
import io.penstock.common.schedule.Interval;
import io.penstock.common.schedule.IntervalSchedule;
import java.util.Optional;

/**
 * The input of {@code CreateSchedule} of Amazon EventBridge Scheduler
 * (https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html).
 */
public final class EventBridgeSchedule {
  private static final String FORM = "EventBridge Scheduler";
  private static final String SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";
  private static final String EXECUTION_ID = "<aws.scheduler.execution-id>";
  private static final int ATTEMPTS = 5;
  private static final int OLDEST_SECONDS = 3600;

  private EventBridgeSchedule() {}

  /** The instant for which the start is meant, in the input of a state machine. */
  static final String TIME_OF_INPUT = "scheduledTime";

  /**
   * @param role that the scheduler takes to start it
   * @param stateMachine its ARN, where it starts the job; empty: the schedule calls EMR itself
   * @throws PenstockException {@code SCHEDULE_NOT_EXPRESSIBLE} where no one schedule of it is exact
   */
  public static ObjectNode document(Emission emission, String role, Optional<String> stateMachine) {
    ObjectNode schedule =
        JsonNodeFactory.instance
            .objectNode()
            .put("Name", emission.start().job())
            .put("Description", emission.words());
    times(emission, schedule);
    schedule.putObject("FlexibleTimeWindow").put("Mode", "OFF");
    schedule.put("State", "ENABLED");
    ObjectNode target = schedule.putObject("Target");
    target.put("Arn", stateMachine.orElseGet(() -> action(emission.start(), role)));
    target.put("RoleArn", role);
    ObjectNode input =
        stateMachine.isPresent()
            ? JsonNodeFactory.instance.objectNode().put(TIME_OF_INPUT, SCHEDULED_TIME)
            : request(emission.start());
    target.put("Input", input.toString());
    target
        .putObject("RetryPolicy")
        .put("MaximumEventAgeInSeconds", OLDEST_SECONDS)
        .put("MaximumRetryAttempts", ATTEMPTS);
    return schedule;
  }

  private static void times(Emission emission, ObjectNode schedule) {
    Optional<CronLine> cron = emission.cron();
    if (cron.isPresent()) {
      String expression = cron.get().eventBridge().orElseThrow(() -> bothDays(emission));
      schedule.put("ScheduleExpression", "cron(" + expression + ")");
      schedule.put("ScheduleExpressionTimezone", emission.cronZone().getId());
      emission.firstRun().ifPresent(first -> schedule.put("StartDate", first.toString()));
    } else if (emission.schedule() instanceof IntervalSchedule interval) {
      // A rate of days counts days of 24 hours.
      schedule.put("ScheduleExpression", "rate(" + Interval.text(interval.every()) + ")");
      schedule.put("ScheduleExpressionTimezone", Emission.UTC.getId());
      schedule.put("StartDate", emission.nextRun().toString());
    } else {
      throw emission.refused(
          FORM,
          "one schedule of it is one cron expression, or a rate that does not keep to the clock of "
              + emission.schedule().zone(),
          "write zone = \"UTC\", or an interval of whole hours that divides a day");
    }
  }

  private static PenstockException bothDays(Emission emission) {
    return emission.refused(
        FORM,
        "its cron expressions restrict days of the month or days of the week, not both",
        "write a job file for each of the two");
  }

  private static String action(EmrStart start, String role) {
    String service =
        start.where() instanceof EmrStart.Serverless
            ? "emrserverless:startJobRun"
            : "emr:addJobFlowSteps";
    return "arn:" + partition(role) + ":scheduler:::aws-sdk:" + service;
  }

  /** The partition of an ARN, such as {@code aws} or {@code aws-cn}. */
  static String partition(String arn) {
    return arn.split(":", -1)[1];
  }

  private static ObjectNode request(EmrStart start) {
    if (start.where() instanceof EmrStart.Cluster cluster) {
      ObjectNode request =
          JsonNodeFactory.instance.objectNode().put("JobFlowId", cluster.clusterId());
      request.putArray("Steps").add(start.step(SCHEDULED_TIME));
      return request;
    }
    return start.startJobRun(SCHEDULED_TIME).put("ClientToken", EXECUTION_ID);
  }
}
