package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.ConfigProblem;
import io.penstock.common.config.ConfigurationException;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.ExitCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecordJson;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure of a command as it is printed.
 *
 * @param problems of a job file, one for each fault; empty for every other failure
 * @param run the record of the run that failed, where there was one
 */
record Failures(
    String code,
    String message,
    int exitCode,
    List<ConfigProblem> problems,
    Optional<RunRecord> run) {
  private static final int DEEPEST = 20;

  static Failures of(Throwable failure) {
    if (failure instanceof FailedRun failed) {
      return of(failed.failure(), Optional.of(failed.run()));
    }
    if (failure instanceof PenstockException known) {
      return of(Interruption.isRequested() ? Interruption.failure(known) : known, Optional.empty());
    }
    if (Interruption.isRequested()) {
      return of(Interruption.failure(failure), Optional.empty());
    }
    if (failure instanceof ConfigurationException configuration) {
      List<ConfigProblem> problems = configuration.problems();
      return new Failures(
          problems.get(0).code().name(),
          problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in the job file",
          ExitCode.CONFIGURATION.status(),
          problems,
          Optional.empty());
    }
    return new Failures(
        ErrorCode.UNEXPECTED.name(),
        "UNEXPECTED: " + failure.getClass().getName() + "; the log file has the details",
        ExitCode.UNEXPECTED.status(),
        List.of(),
        Optional.empty());
  }

  private static Failures of(PenstockException known, Optional<RunRecord> run) {
    return new Failures(
        known.code().name(),
        String.valueOf(known.getMessage()),
        known.code().exitCode().status(),
        List.of(),
        run);
  }

  static Failures ofUsage(String message) {
    return new Failures(
        ErrorCode.USAGE.name(),
        ErrorCode.USAGE.name() + ": " + message,
        ExitCode.CONFIGURATION.status(),
        List.of(),
        Optional.empty());
  }

  /**
   * The stacks of a failure and its causes for the log file. Messages are left out, except those of
   * our own exceptions: others may quote row values.
   */
  static String stack(Throwable failure) {
    StringBuilder text = new StringBuilder();
    @Nullable Throwable each = failure;
    for (int depth = 0; each != null && depth < DEEPEST; depth++) {
      text.append(depth == 0 ? "" : "Caused by: ");
      boolean own = each instanceof PenstockException || each instanceof ConfigurationException;
      text.append(own ? each : each.getClass().getName()).append('\n');
      for (StackTraceElement frame : each.getStackTrace()) {
        text.append("\tat ").append(frame).append('\n');
      }
      each = each.getCause();
    }
    return text.toString();
  }

  /**
   * @param json where the JSON document goes; null: no document was asked for
   */
  void print(@Nullable PrintWriter json, PrintWriter text) {
    if (problems.isEmpty()) {
      text.println(message);
    }
    problems.forEach(problem -> text.println(problem.toString()));
    text.flush();
    if (json != null) {
      json.println(document());
      json.flush();
    }
  }

  private ObjectNode document() {
    if (run.isPresent()) {
      return RunRecordJson.node(run.get());
    }
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("status", "failed");
    document.putObject("error").put("code", code).put("message", message);
    if (!problems.isEmpty()) {
      ArrayNode all = document.putArray("problems");
      for (ConfigProblem problem : problems) {
        all.addObject()
            .put("code", problem.code().name())
            .put("file", problem.file())
            .put("line", problem.line())
            .put("column", problem.column())
            .put("path", problem.path())
            .put("problem", problem.problem())
            .put("remedy", problem.remedy());
      }
    }
    return document;
  }
}
