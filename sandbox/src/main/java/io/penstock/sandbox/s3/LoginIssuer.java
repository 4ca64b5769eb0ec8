package io.penstock.sandbox.s3;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Gives users of the database passwords that expire. */
@FunctionalInterface
public interface LoginIssuer {

  /**
   * A new password, which replaces the last one.
   *
   * @param user whom who signs in with it acts as
   */
  Login issue(String user, Duration lifetime) throws IOException;

  /**
   * @param user to sign in as, {@code IAM:} and a name
   */
  record Login(String user, String password, Instant expires) {
    @Override
    public String toString() {
      return "Login[" + user + " until " + expires + "]";
    }
  }
}
