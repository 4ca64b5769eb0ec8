package io.penstock.jobs.verify;

import io.penstock.common.error.PenstockException;
import java.util.Locale;
import java.util.Optional;

/**
 * What a check came to.
 *
 * @param detail what was found, why it failed, or why it was skipped
 * @param failure where it failed
 */
public record CheckResult(
    String target, String name, Status status, String detail, Optional<PenstockException> failure) {

  /** What a check came to, in a word. */
  public enum Status {
    OK,
    FAILED,
    SKIPPED;

    /** As it is printed. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static CheckResult ok(Check check, String detail) {
    return new CheckResult(check.target(), check.name(), Status.OK, detail, Optional.empty());
  }

  static CheckResult skipped(Check check, String detail) {
    return new CheckResult(check.target(), check.name(), Status.SKIPPED, detail, Optional.empty());
  }

  static CheckResult failed(Check check, PenstockException failure) {
    return new CheckResult(
        check.target(),
        check.name(),
        Status.FAILED,
        failure.problem() + ": " + failure.reason(),
        Optional.of(failure));
  }

  /** What to change, and which key; empty unless it failed. */
  public Optional<String> remedy() {
    return failure.map(PenstockException::remedy);
  }
}
