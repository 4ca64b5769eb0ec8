package io.penstock.jobs.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.jobs.verify.CheckResult.Status;
import java.util.List;

/** Results of checks as they are printed. */
public final class VerificationReport {
  private VerificationReport() {}

  /** One line: status, target, name, detail, and for a failure what to change. */
  public static String line(CheckResult result) {
    String line =
        "%-7s  %s  %s: %s"
            .formatted(result.status().text(), result.target(), result.name(), result.detail());
    return oneLine(line + result.remedy().map(remedy -> ". Remedy: " + remedy).orElse(""));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }

  /** Whether any check failed. */
  public static boolean hasFailed(List<CheckResult> results) {
    return results.stream().anyMatch(result -> result.status() == Status.FAILED);
  }

  /**
   * {@code
   * {"job","status":"ok|failed","checks":[{"name","target","status":"ok|failed|skipped","detail","code","remedy"}]}};
   * {@code code} for failures only.
   */
  public static ObjectNode document(String job, List<CheckResult> results) {
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("job", job);
    document.put("status", hasFailed(results) ? "failed" : "ok");
    ArrayNode checks = document.putArray("checks");
    for (CheckResult result : results) {
      ObjectNode check =
          checks
              .addObject()
              .put("name", result.name())
              .put("target", result.target())
              .put("status", result.status().text())
              .put("detail", result.detail());
      result.failure().ifPresent(failure -> check.put("code", failure.code().name()));
      check.put("remedy", result.remedy().orElse(null));
    }
    return document;
  }
}
