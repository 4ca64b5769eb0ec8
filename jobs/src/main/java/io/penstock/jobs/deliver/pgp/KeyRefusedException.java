package io.penstock.jobs.deliver.pgp;

/** Why a key cannot be used, and what to do. Neither text holds any of a secret key. */
final class KeyRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String remedy;

  KeyRefusedException(String reason, String remedy) {
    super(reason);
    this.reason = reason;
    this.remedy = remedy;
  }

  String reason() {
    return reason;
  }

  String remedy() {
    return remedy;
  }
}
