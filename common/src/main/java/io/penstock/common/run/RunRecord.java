package io.penstock.common.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One run as it is printed and recorded.
 *
 * @param rowsRead rows that the query produced: delivered to each destination plus rejected; of a
 *     sync also those that it had no need to deliver
 * @param sync empty where the job has none, or the run failed before its rows were compared
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
    Optional<SyncResult> sync,
    Optional<RunError> error) {

  /** A run that is not of a sync. */
  public RunRecord(
      String job,
      String runId,
      RunStatus status,
      Instant startedAt,
      Instant endedAt,
      long rowsRead,
      long rowsRejected,
      List<DestinationResult> destinations,
      Optional<RunError> error) {
    this(
        job,
        runId,
        status,
        startedAt,
        endedAt,
        rowsRead,
        rowsRejected,
        destinations,
        Optional.empty(),
        error);
  }

  /** A failure's stable code and its message: problem, cause, remedy. */
  public record RunError(String code, String message) {}
}
