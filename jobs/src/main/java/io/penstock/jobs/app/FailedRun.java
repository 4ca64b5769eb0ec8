package io.penstock.jobs.app;

import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunRecord;

/** A run that failed and was recorded; carries the record, which {@code --json} prints. */
final class FailedRun extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RunRecord run;
  private final PenstockException failure;

  FailedRun(RunRecord run, PenstockException failure) {
    super(failure.getMessage(), failure);
    this.run = run;
    this.failure = failure;
  }

  RunRecord run() {
    return run;
  }

  PenstockException failure() {
    return failure;
  }
}
