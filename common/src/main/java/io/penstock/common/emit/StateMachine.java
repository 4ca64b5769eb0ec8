package io.penstock.common.emit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A state machine that runs the job and waits for its end, in Amazon States Language
 * (https://states-language.net/spec.html). A schedule of EventBridge Scheduler starts it.
 */
public final class StateMachine {
  private static final String STATE = "RunJob";
  private static final String RUN_ID = "$." + EventBridgeSchedule.TIME_OF_INPUT;
  private static final int RETRIES = 2;
  private static final int SECONDS = 60;
  private static final int BACKOFF = 2;

  private StateMachine() {}

  public static ObjectNode document(Emission emission) {
    EmrStart start = emission.start();
    ObjectNode machine =
        JsonNodeFactory.instance
            .objectNode()
            .put(
                "Comment",
                start.job()
                    + ": "
                    + emission.words()
                    + ". The input is {\""
                    + EventBridgeSchedule.TIME_OF_INPUT
                    + "\": \"2026-11-21T06:00:00Z\"}; the run of one such time is applied once,"
                    + " however often it is started")
            .put("StartAt", STATE);
    ObjectNode state = machine.putObject("States").putObject(STATE).put("Type", "Task");
    if (start.where() instanceof EmrStart.Cluster cluster) {
      step(start, cluster, state);
    } else {
      jobRun(start, state);
    }
    state
        .putArray("Retry")
        .addObject()
        .put("IntervalSeconds", SECONDS)
        .put("MaxAttempts", RETRIES)
        .put("BackoffRate", BACKOFF)
        .putArray("ErrorEquals")
        .add("States.TaskFailed");
    state.put("End", true);
    return machine;
  }

  private static void jobRun(EmrStart start, ObjectNode state) {
    String partition =
        EventBridgeSchedule.partition(((EmrStart.Serverless) start.where()).executionRole());
    state.put("Resource", "arn:" + partition + ":states:::emr-serverless:startJobRun.sync");
    ObjectNode parameters = start.startJobRun(RUN_ID);
    ObjectNode submit = (ObjectNode) parameters.path("JobDriver").path("SparkSubmit");
    submit.remove("EntryPointArguments");
    submit.put("EntryPointArguments.$", array(start.arguments(RUN_ID)));
    state.set("Parameters", parameters);
  }

  private static void step(EmrStart start, EmrStart.Cluster cluster, ObjectNode state) {
    state.put("Resource", "arn:aws:states:::elasticmapreduce:addStep.sync");
    ObjectNode step = start.step(RUN_ID);
    ObjectNode jar = (ObjectNode) step.path("HadoopJarStep");
    jar.remove("Args");
    jar.put("Args.$", array(start.sparkSubmit(RUN_ID)));
    state.putObject("Parameters").put("ClusterId", cluster.clusterId()).set("Step", step);
  }

  /** An intrinsic function; the last of its arguments, the run id, is a path. */
  private static String array(List<String> arguments) {
    int last = arguments.size() - 1;
    String literals =
        arguments.subList(0, last).stream()
            .map(argument -> "'" + argument.replaceAll("[\\\\'{}]", "\\\\$0") + "'")
            .collect(Collectors.joining(", "));
    return "States.Array(" + literals + ", " + arguments.get(last) + ")";
  }
}
