package io.penstock.common.emit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One start of a job on Amazon EMR.
 *
 * @param job the name of the job
 * @param jar the location of penstock-jobs.jar, which EMR reads
 * @param jobFile the location of the job file, which the driver reads
 * @param options of the command {@code run}, besides its run id
 * @param sparkArguments for spark-submit, each without blanks
 */
public record EmrStart(
    String job,
    Where where,
    String jar,
    String jobFile,
    List<String> options,
    List<String> sparkArguments) {
  private static final String MAIN = "io.penstock.jobs.Penstock";

  /** Where EMR runs it. */
  public sealed interface Where permits Serverless, Cluster {}

  public record Serverless(String applicationId, String executionRole) implements Where {}

  /** EMR on EC2: a step of a cluster that runs. */
  public record Cluster(String clusterId) implements Where {}

  public EmrStart {
    options = List.copyOf(options);
    sparkArguments = List.copyOf(sparkArguments);
  }

  /** The arguments of the jar. */
  List<String> arguments(String runId) {
    List<String> arguments = new ArrayList<>(List.of("run", jobFile));
    arguments.addAll(options);
    arguments.addAll(List.of("--run-id", runId));
    return arguments;
  }

  /** The whole command line, for a step. */
  List<String> sparkSubmit(String runId) {
    List<String> command =
        new ArrayList<>(List.of("spark-submit", "--master", "yarn", "--deploy-mode", "client"));
    command.addAll(sparkArguments);
    command.addAll(List.of("--class", MAIN, jar));
    command.addAll(arguments(runId));
    return command;
  }

  /** What stands between spark-submit and the jar, for EMR Serverless. */
  String submitParameters() {
    List<String> parameters = new ArrayList<>(List.of("--class", MAIN));
    parameters.addAll(sparkArguments);
    return String.join(" ", parameters);
  }

  /**
   * The input of {@code StartJobRun} of EMR Serverless, without its client token.
   *
   * @throws ClassCastException for a job that runs elsewhere
   */
  ObjectNode startJobRun(String runId) {
    Serverless serverless = (Serverless) where;
    ObjectNode request =
        JsonNodeFactory.instance
            .objectNode()
            .put("ApplicationId", serverless.applicationId())
            .put("ExecutionRoleArn", serverless.executionRole())
            .put("Name", job);
    ObjectNode submit = request.putObject("JobDriver").putObject("SparkSubmit");
    submit.put("EntryPoint", jar);
    arguments(runId).forEach(submit.putArray("EntryPointArguments")::add);
    submit.put("SparkSubmitParameters", submitParameters());
    return request;
  }

  /** A {@code StepConfig} of EMR. */
  ObjectNode step(String runId) {
    ObjectNode step =
        JsonNodeFactory.instance.objectNode().put("Name", job).put("ActionOnFailure", "CONTINUE");
    ObjectNode jarStep = step.putObject("HadoopJarStep").put("Jar", "command-runner.jar");
    sparkSubmit(runId).forEach(jarStep.putArray("Args")::add);
    return step;
  }
}
