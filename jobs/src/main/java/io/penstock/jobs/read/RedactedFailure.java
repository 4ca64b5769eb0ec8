package io.penstock.jobs.read;

import java.util.HashSet;
import java.util.Set;

/**
 * A failure with its stack and without its message: messages of Spark and of file readers quote row
 * values.
 */
final class RedactedFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private RedactedFailure(String className) {
    super(className, null, false, true);
  }

  static Exception of(Throwable failure) {
    return of(failure, new HashSet<>());
  }

  private static RedactedFailure of(Throwable failure, Set<Throwable> seen) {
    seen.add(failure);
    RedactedFailure redacted = new RedactedFailure(failure.getClass().getName());
    redacted.setStackTrace(failure.getStackTrace());
    Throwable cause = failure.getCause();
    if (cause != null && !seen.contains(cause)) {
      redacted.initCause(of(cause, seen));
    }
    return redacted;
  }
}
