package io.penstock.common.run;

/** How a run, or one destination of it, ended. */
public enum RunStatus {
  SUCCEEDED("succeeded"),
  FAILED("failed"),
  ALREADY_DONE("already-done"),
  /** A destination that was not reached because an earlier step failed. */
  NOT_STARTED("not-started");

  private final String text;

  RunStatus(String text) {
    this.text = text;
  }

  /** The word that JSON documents use. */
  public String text() {
    return text;
  }
}
