package io.penstock.jobs.events;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.jspecify.annotations.Nullable;

/**
 * What became of the rows of a task, or of all tasks.
 *
 * @param bytes of the requests that were accepted
 * @param retries those of the requests that repeated one
 * @param failures how many rows were not accepted, by reason
 * @param files that hold their keys
 * @param refusal why the endpoint takes no records at all; null where it does
 */
record TaskTally(
    long sent,
    long bytes,
    long requests,
    long retries,
    Map<String, Long> failures,
    List<String> files,
    @Nullable String refusal)
    implements WriterCommitMessage {
  private static final long serialVersionUID = 1L;

  static final TaskTally NOTHING = new TaskTally(0, 0, 0, 0, Map.of(), List.of(), null);

  TaskTally plus(TaskTally other) {
    Map<String, Long> reasons = new TreeMap<>(failures);
    other.failures.forEach((reason, rows) -> reasons.merge(reason, rows, Long::sum));
    List<String> allFiles = new java.util.ArrayList<>(files);
    allFiles.addAll(other.files);
    return new TaskTally(
        sent + other.sent,
        bytes + other.bytes,
        requests + other.requests,
        retries + other.retries,
        reasons,
        allFiles,
        refusal == null ? other.refusal : refusal);
  }

  long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  Optional<String> refused() {
    return Optional.ofNullable(refusal);
  }
}
