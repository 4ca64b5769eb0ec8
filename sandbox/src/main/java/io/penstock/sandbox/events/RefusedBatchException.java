package io.penstock.sandbox.events;

/** A batch that is not taken, with the status that says so. */
final class RefusedBatchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  RefusedBatchException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
