package io.penstock.common.emit;

import static io.penstock.common.emit.Emissions.CLUSTER;
import static io.penstock.common.emit.Emissions.SERVERLESS;
import static io.penstock.common.emit.Emissions.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.emit.EmrStart.Where;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** State machines, held against Amazon States Language: https://states-language.net/spec.html. */
class StateMachineTest {
  private static final Set<String> OF_A_TASK =
      Set.of(
          "Type",
          "Comment",
          "InputPath",
          "OutputPath",
          "Next",
          "End",
          "Resource",
          "Parameters",
          "ResultPath",
          "ResultSelector",
          "Retry",
          "Catch",
          "TimeoutSeconds",
          "HeartbeatSeconds");

  private static JsonNode machine(Where where) throws Exception {
    Emission emission = Emissions.of(Emissions.daily(30, "06:00", UTC), where);
    JsonNode machine =
        new ObjectMapper().readTree(StateMachine.document(emission).toPrettyString());
    requireStatesLanguage(machine);
    return machine;
  }

  private static Set<String> members(JsonNode node) {
    Set<String> members = new HashSet<>();
    node.fieldNames().forEachRemaining(members::add);
    return members;
  }

  private static void requireStatesLanguage(JsonNode machine) {
    assertThat(members(machine))
        .contains("States", "StartAt")
        .isSubsetOf("States", "StartAt", "Comment", "Version", "TimeoutSeconds");
    JsonNode states = machine.path("States");
    Set<String> reached = new HashSet<>();
    String at = machine.path("StartAt").textValue();
    while (at != null && reached.add(at)) {
      JsonNode state = states.path(at);
      assertThat(state.isObject()).as(at).isTrue();
      requireTask(state);
      at = state.path("Next").textValue();
    }
    assertThat(at).as("the last state has End").isNull();
    assertThat(reached).isEqualTo(members(states)).allMatch(name -> name.length() <= 80);
  }

  private static void requireTask(JsonNode state) {
    assertThat(state.path("Type").textValue()).isEqualTo("Task");
    assertThat(members(state)).contains("Resource").isSubsetOf(OF_A_TASK);
    assertThat(state.has("Next")).isNotEqualTo(state.path("End").asBoolean());
    assertThat(state.path("Resource").textValue()).matches("arn:aws[a-z-]*:states:::\\S+\\.sync");
    for (JsonNode retrier : state.path("Retry")) {
      assertThat(members(retrier))
          .contains("ErrorEquals")
          .isSubsetOf(
              "ErrorEquals",
              "IntervalSeconds",
              "MaxAttempts",
              "BackoffRate",
              "MaxDelaySeconds",
              "JitterStrategy");
      assertThat(retrier.path("ErrorEquals")).isNotEmpty().allMatch(JsonNode::isTextual);
      assertThat(retrier.path("IntervalSeconds").intValue()).isPositive();
      assertThat(retrier.path("MaxAttempts").intValue()).isBetween(0, 99_999_999);
      assertThat(retrier.path("BackoffRate").doubleValue()).isGreaterThanOrEqualTo(1.0);
    }
    requirePayload(state.path("Parameters"));
  }

  /** A member whose name ends with .$ is a path or an intrinsic function. */
  private static void requirePayload(JsonNode payload) {
    payload
        .fields()
        .forEachRemaining(
            member -> {
              if (member.getKey().endsWith(".$")) {
                assertThat(member.getValue().textValue()).matches("(\\$|States\\.)[\\s\\S]+");
                String plain = member.getKey().substring(0, member.getKey().length() - 2);
                assertThat(payload.has(plain)).isFalse();
              } else {
                requirePayload(member.getValue());
              }
            });
  }

  /** The arguments of States.Array: texts in single quotes with backslashes, or paths. */
  private static List<String> arguments(String call) {
    assertThat(call).startsWith("States.Array(").endsWith(")");
    String rest = call.substring("States.Array(".length(), call.length() - 1);
    List<String> arguments = new ArrayList<>();
    int at = 0;
    while (at < rest.length()) {
      StringBuilder argument = new StringBuilder();
      if (rest.charAt(at) == '\'') {
        at++;
        while (rest.charAt(at) != '\'') {
          assertThat(rest.charAt(at)).as("reserved").isNotIn('{', '}');
          at += rest.charAt(at) == '\\' ? 1 : 0;
          argument.append(rest.charAt(at++));
        }
        at++;
      } else {
        while (at < rest.length() && rest.charAt(at) != ',') {
          argument.append(rest.charAt(at++));
        }
        assertThat(argument.toString()).matches("\\$[.\\w]+");
      }
      arguments.add(argument.toString());
      assertThat(at == rest.length() || rest.startsWith(", ", at)).isTrue();
      at += 2;
    }
    return arguments;
  }

  @Test
  void aJobOfEmrServerlessIsAppliedOnceForAScheduledTime() throws Exception {
    JsonNode state = machine(SERVERLESS).at("/States/RunJob");

    assertThat(state.path("Resource").asText())
        .isEqualTo("arn:aws:states:::emr-serverless:startJobRun.sync");
    JsonNode parameters = state.path("Parameters");
    assertThat(members(parameters))
        .containsExactlyInAnyOrder("ApplicationId", "ExecutionRoleArn", "Name", "JobDriver");
    assertThat(arguments(parameters.at("/JobDriver/SparkSubmit/EntryPointArguments.$").asText()))
        .isEqualTo(Emissions.arguments("$.scheduledTime"));
    assertThat(state.at("/Retry/0/ErrorEquals/0").asText()).isEqualTo("States.TaskFailed");
  }

  @Test
  void aStepIsAppliedOnceForAScheduledTime() throws Exception {
    JsonNode state = machine(CLUSTER).at("/States/RunJob");

    assertThat(state.path("Resource").asText())
        .isEqualTo("arn:aws:states:::elasticmapreduce:addStep.sync");
    JsonNode parameters = state.path("Parameters");
    assertThat(members(parameters)).containsExactlyInAnyOrder("ClusterId", "Step");
    assertThat(arguments(parameters.at("/Step/HadoopJarStep/Args.$").asText()))
        .isEqualTo(Emissions.step("$.scheduledTime"));
  }
}
