package io.penstock.common.run;

import java.time.Instant;
import java.util.Optional;

/**
 * What distinguishes one run from the next.
 *
 * @param now the one instant that every name pattern of the run sees; the same for every attempt of
 *     a run id whose first attempt recorded it
 * @param principal who asked, where the command line says so
 */
public record RunContext(String job, String runId, Instant now, Optional<String> principal) {

  public RunContext withNow(Instant first) {
    return new RunContext(job, runId, first, principal);
  }
}
