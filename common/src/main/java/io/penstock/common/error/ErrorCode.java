package io.penstock.common.error;

/** The stable names of everything that can go wrong, each with the exit code it leads to. */
public enum ErrorCode {
  UNEXPECTED(ExitCode.UNEXPECTED),

  USAGE(ExitCode.CONFIGURATION),
  CONFIG_SYNTAX(ExitCode.CONFIGURATION),
  CONFIG_FILE_UNREADABLE(ExitCode.CONFIGURATION),
  CONFIG_REMOTE_INCLUDE(ExitCode.CONFIGURATION),
  CONFIG_UNRESOLVED_SUBSTITUTION(ExitCode.CONFIGURATION),
  CONFIG_UNKNOWN_KEY(ExitCode.CONFIGURATION),
  CONFIG_MISSING_KEY(ExitCode.CONFIGURATION),
  CONFIG_WRONG_TYPE(ExitCode.CONFIGURATION),
  CONFIG_INVALID_VALUE(ExitCode.CONFIGURATION),
  CONFIG_CONFLICT(ExitCode.CONFIGURATION),
  CONFIG_UNESCAPED_TEXT(ExitCode.CONFIGURATION),
  /** A key or value of the contract that this version does not carry out. */
  CONFIG_NOT_AVAILABLE(ExitCode.CONFIGURATION),
  SECRET_UNRESOLVED(ExitCode.CONFIGURATION),
  /** An OpenPGP key that nothing may be encrypted to, or that cannot sign. */
  PGP_KEY_REFUSED(ExitCode.CONFIGURATION),
  /** A schedule that the form of another scheduler cannot say exactly. */
  SCHEDULE_NOT_EXPRESSIBLE(ExitCode.CONFIGURATION),
  QUERY_INVALID(ExitCode.CONFIGURATION),
  TEMPLATE_MISMATCH(ExitCode.CONFIGURATION),

  VERIFICATION_FAILED(ExitCode.VERIFICATION),

  SOURCE_UNREADABLE(ExitCode.SOURCE),
  /** A value does not fit its template entry and {@code on-bad-value = fail}. */
  SOURCE_BAD_VALUE(ExitCode.SOURCE),

  DELIVERY_FAILED(ExitCode.DELIVERY),
  DELIVERY_TARGET_EXISTS(ExitCode.DELIVERY),
  DELIVERY_KEY_REFUSED(ExitCode.DELIVERY),
  /** A value that the chosen format or dialect cannot represent. */
  DELIVERY_VALUE_REFUSED(ExitCode.DELIVERY),

  LOAD_CONNECTION(ExitCode.LOAD),
  LOAD_STATEMENT(ExitCode.LOAD),
  LOAD_DATA_REFUSED(ExitCode.LOAD),
  /** Rows whose key columns hold NULL or the same values twice. */
  LOAD_KEYS_REFUSED(ExitCode.LOAD),
  LOAD_TARGET_MISMATCH(ExitCode.LOAD),
  LOAD_CONNECTOR_MISSING(ExitCode.LOAD),

  /** Some events were not accepted; the others were. */
  EVENTS_INCOMPLETE(ExitCode.EVENTS),
  /** An endpoint that takes no events at all: wrong key, wrong address, out of order. */
  EVENTS_ENDPOINT_REFUSED(ExitCode.EVENTS),

  RECONCILIATION_MISMATCH(ExitCode.RECONCILIATION),
  REJECTS_EXCEEDED(ExitCode.RECONCILIATION),

  TARGET_HELD(ExitCode.HELD),
  POLICY_REFUSED(ExitCode.POLICY),
  STATE_UNREADABLE(ExitCode.UNEXPECTED),
  /** The state of a sync is missing or older than the last sync: what was sent is not known. */
  SYNC_STATE_LOST(ExitCode.UNEXPECTED),
  INTERRUPTED(ExitCode.INTERRUPTED);

  private final ExitCode exitCode;

  ErrorCode(ExitCode exitCode) {
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
