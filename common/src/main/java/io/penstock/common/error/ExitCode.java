package io.penstock.common.error;

/** The process exit codes of the command line; CONTRACT section 2. */
public enum ExitCode {
  DONE(0),
  UNEXPECTED(1),
  CONFIGURATION(2),
  VERIFICATION(3),
  SOURCE(4),
  DELIVERY(5),
  LOAD(6),
  RECONCILIATION(7),
  EVENTS(8),
  HELD(9),
  POLICY(10),
  INTERRUPTED(130);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}
