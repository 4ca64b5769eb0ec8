package io.penstock.sandbox.s3;

import java.time.Instant;

/** A key pair of an assumed role; it signs only together with its token, and not for ever. */
record TemporaryKey(AccessKey key, String sessionToken, Instant expires) {
  @Override
  public String toString() {
    return "TemporaryKey[" + key + " until " + expires + "]";
  }
}
