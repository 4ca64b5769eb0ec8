package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.ConfigProblem;
import io.penstock.common.config.ConfigurationException;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.ExitCode;
import io.penstock.common.error.PenstockException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure of a command as it is printed.
 *
 * @param problems of a job file, one for each fault; empty for every other failure
 */
record Failures(String code, String message, int exitCode, List<ConfigProblem> problems) {

  static Failures of(Throwable failure) {
    if (failure instanceof ConfigurationException configuration) {
      List<ConfigProblem> problems = configuration.problems();
      return new Failures(
          problems.get(0).code().name(),
          problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in the job file",
          ExitCode.CONFIGURATION.status(),
          problems);
    }
    if (failure instanceof PenstockException known) {
      ExitCode exit = Interruption.isRequested() ? ExitCode.INTERRUPTED : known.code().exitCode();
      return new Failures(
          known.code().name(), String.valueOf(known.getMessage()), exit.status(), List.of());
    }
    return new Failures(
        ErrorCode.UNEXPECTED.name(),
        "UNEXPECTED: " + failure.getClass().getName() + "; the log file has the details",
        ExitCode.UNEXPECTED.status(),
        List.of());
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
