package io.penstock.sandbox.s3;

/** A request that is answered with an error. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.code());
    this.refusal = refusal;
  }

  RefusedException(int status, String code, String message) {
    this(Refusal.of(status, code, message));
  }

  Refusal refusal() {
    return refusal;
  }
}
