package io.penstock.jobs.read.redshift;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.redshift.StatementFailures;
import java.io.IOException;
import java.sql.SQLException;

/** Why a source in Redshift cannot be read, in the words of its user. No message holds a value. */
final class ReadFailures {
  private ReadFailures() {}

  /** A way to the database that did not come about: of a source it is the source's failure. */
  static PenstockException of(PenstockException failure) {
    return failure.code() == ErrorCode.LOAD_CONNECTION
        ? PenstockException.of(
            ErrorCode.SOURCE_UNREADABLE,
            failure.problem(),
            failure.reason(),
            failure.remedy(),
            failure)
        : failure;
  }

  /**
   * @param work what was being done, such as {@code UNLOAD}
   */
  static PenstockException of(String source, String work, SQLException failure) {
    if (StatementFailures.isCancelled(failure)) {
      return PenstockException.of(
          ErrorCode.INTERRUPTED,
          "Reading source " + source + " was interrupted at " + work,
          "the run was told to end",
          "Run again",
          StatementFailures.withoutValues(failure));
    }
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE,
        "Source " + source + " cannot be read: " + work + " failed",
        StatementFailures.describe(failure),
        remedy("sources." + source, failure),
        StatementFailures.withoutValues(failure));
  }

  private static String remedy(String block, SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String message = String.valueOf(failure.getMessage());
    if (StatementFailures.isForbidden(failure)) {
      return "Give the user the permissions that the command grants prints for this job file";
    }
    if (state.startsWith("42") || state.startsWith("3F")) {
      return "Correct " + block + ".table or " + block + ".query";
    }
    if (message.contains("S3ServiceException") || message.contains("S3CurlException")) {
      return "Let what "
          + block
          + ".unload-credentials or "
          + block
          + ".staging.credentials names write below "
          + block
          + ".staging, whose region has to be the bucket's";
    }
    return StatementFailures.isBroken(failure)
        ? "Run again; check what lies between here and " + block + ".connection.host"
        : "Look the SQLSTATE up in the server's log of this session";
  }

  /** Files of a source that cannot be had from the staging location. */
  static PenstockException ofStaging(String source, String work, IOException failure) {
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE,
        "Source " + source + " cannot be read: its unloaded files could not be " + work,
        String.valueOf(failure.getMessage()),
        "Let sources."
            + source
            + ".staging.credentials list, read and delete below the staging prefix",
        failure);
  }

  /** Rows that are not those that the server says it gave. */
  static PenstockException ofCounts(String source, String reason) {
    return PenstockException.of(
        ErrorCode.RECONCILIATION_MISMATCH,
        "Source " + source + " was not read as Redshift unloaded it",
        reason,
        "Run again; where it happens again, look for another writer below the staging prefix");
  }

  static PenstockException ofChange(String source, long expected, long read) {
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE,
        "Source " + source + " changed while it was read",
        "a range had "
            + expected
            + " rows when the ranges were counted, and "
            + read
            + " when read",
        "Run again, or write sources."
            + source
            + ".reader = unload or jdbc.partitions = 1, which read one snapshot");
  }
}
