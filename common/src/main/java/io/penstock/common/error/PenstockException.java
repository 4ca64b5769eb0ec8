package io.penstock.common.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can act on: what happened, why, and what to change. Messages never hold row
 * values or secrets.
 */
public final class PenstockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String problem;
  private final String reason;
  private final String remedy;

  private PenstockException(
      ErrorCode code, String problem, String reason, String remedy, @Nullable Throwable cause) {
    super(code + ": " + problem + ". Cause: " + reason + ". Remedy: " + remedy + ".", cause);
    this.code = code;
    this.problem = problem;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** The one factory. None of the three sentences ends with a full stop. */
  public static PenstockException of(ErrorCode code, String problem, String reason, String remedy) {
    return new PenstockException(code, problem, reason, remedy, null);
  }

  /** As {@link #of(ErrorCode, String, String, String)}, keeping the exception that led here. */
  public static PenstockException of(
      ErrorCode code, String problem, String reason, String remedy, Throwable cause) {
    return new PenstockException(code, problem, reason, remedy, cause);
  }

  public ErrorCode code() {
    return code;
  }

  public String problem() {
    return problem;
  }

  public String reason() {
    return reason;
  }

  public String remedy() {
    return remedy;
  }
}
