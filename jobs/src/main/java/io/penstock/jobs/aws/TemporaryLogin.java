package io.penstock.jobs.aws;

import java.time.Instant;

/** A database user and the password that AWS issued for it. */
public record TemporaryLogin(String user, String password, Instant expires) {
  @Override
  public String toString() {
    return user + " until " + expires;
  }
}
