package io.penstock.common.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One run as it is printed and recorded.
 *
 * @param rowsRead rows that the query produced: delivered to each destination plus rejected
 */
public record RunRecord(
    String job,
    String runId,
    RunStatus status,
    Instant startedAt,
    Instant endedAt,
    long rowsRead,
    long rowsRejected,
    List<DestinationResult> destinations,
    Optional<RunError> error) {

  /** A failure's stable code and its message: problem, cause, remedy. */
  public record RunError(String code, String message) {}
}
