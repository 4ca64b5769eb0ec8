package io.penstock.jobs.read;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure with its stack and without its message: messages of Spark and of file readers quote row
 * values.
 */
final class RedactedFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private RedactedFailure(String className, @Nullable Throwable cause) {
    super(className, cause, false, true);
  }

  static Exception of(Throwable failure) {
    @Nullable RedactedFailure redacted = null;
    List<Throwable> chain = Causes.chain(failure);
    for (int at = chain.size() - 1; at >= 0; at--) {
      redacted = new RedactedFailure(chain.get(at).getClass().getName(), redacted);
      redacted.setStackTrace(chain.get(at).getStackTrace());
    }
    return Objects.requireNonNull(redacted);
  }
}
