package io.penstock.jobs.sync;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.sync.RowOperation;
import io.penstock.jobs.redshift.StatementFailures;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a sync refuses, in the words of its user. */
final class SyncProblems {
  private static final String ANEW = "run once with --full, which starts anew and sends all rows";

  private SyncProblems() {}

  /** Refuses rows that have a column of the name that a sync needs for itself. */
  static void requireFreeOperation(List<Column> columns) {
    if (columns.stream()
        .anyMatch(column -> Identifiers.fold(column.name()).equals(RowOperation.COLUMN))) {
      throw mismatch(
          "the rows have a column " + RowOperation.COLUMN,
          "that is what a sync calls the column that says what became of a row",
          "rename the column in the template or the query");
    }
  }

  static PenstockException mismatch(String problem, String reason, String remedy) {
    return PenstockException.of(ErrorCode.TEMPLATE_MISMATCH, problem, reason, remedy);
  }

  static PenstockException lost(String place, long known, long found) {
    return PenstockException.of(
        ErrorCode.SYNC_STATE_LOST,
        "the state of the sync is lost: " + place,
        found == 0
            ? "sync " + known + " of this job succeeded, and there is no state now"
            : "sync " + known + " of this job succeeded, and the state is that of sync " + found,
        "restore the state, or correct sync.state; or " + ANEW);
  }

  static PenstockException unreadable(String place, String reason, @Nullable Throwable cause) {
    String problem = "the state of the sync cannot be read: " + place;
    String remedy = "restore the state from a copy; or " + ANEW;
    return cause == null
        ? PenstockException.of(ErrorCode.STATE_UNREADABLE, problem, reason, remedy)
        : PenstockException.of(ErrorCode.STATE_UNREADABLE, problem, reason, remedy, cause);
  }

  static PenstockException unwritable(String place, Throwable cause) {
    return PenstockException.of(
        ErrorCode.STATE_UNREADABLE,
        "the state of the sync cannot be written: " + place,
        "it failed with " + cause.getClass().getSimpleName(),
        "make the place that sync.state names writable; what is at the destinations is sent again"
            + " by the next run",
        cause);
  }

  static PenstockException held(String place) {
    return PenstockException.of(
        ErrorCode.TARGET_HELD,
        "another sync of this job is under way",
        "it has changed the state at " + place + " since this one began",
        "wait for it to end, and run again");
  }

  static PenstockException locked(String job, String table) {
    return PenstockException.of(
        ErrorCode.TARGET_HELD,
        "another sync of job '" + job + "' is under way",
        "it holds table " + table,
        "wait for it to end, or end it; where its computer is gone, pg_terminate_backend ends the"
            + " session that svv_transactions shows to hold the table");
  }

  /**
   * A statement about a state in a database that failed.
   *
   * @param done what could not be: {@code read} or {@code written}
   */
  static PenstockException refused(String place, String done, SQLException failure) {
    return PenstockException.of(
        ErrorCode.STATE_UNREADABLE,
        "the state of the sync cannot be " + done + ": " + place,
        StatementFailures.describe(failure),
        remedy(failure),
        StatementFailures.withoutValues(failure));
  }

  private static String remedy(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (StatementFailures.isForbidden(failure)) {
      return "give the user the permissions that the command grants prints for this job file";
    }
    if (StatementFailures.isBroken(failure) || StatementFailures.isSerialization(failure)) {
      return "run again: what is at the destinations is sent again";
    }
    if (state.startsWith("22")) {
      return "leave rows with such keys out by the query: Redshift keeps texts of up to 65535 bytes";
    }
    return "look the SQLSTATE up in the server's log of this session; where a table of the state is"
        + " damaged, restore it, or drop it and "
        + ANEW;
  }

  static PenstockException interrupted(String place, Throwable cause) {
    return PenstockException.of(
        ErrorCode.INTERRUPTED,
        "the run was interrupted while it used the state of the sync: " + place,
        "it was told to end",
        "run again",
        cause);
  }

  /** Files that could not be put where COPY reads them. */
  static PenstockException unstaged(String place, String folder, IOException cause) {
    return PenstockException.of(
        ErrorCode.STATE_UNREADABLE,
        "the state of the sync cannot be written: " + place,
        "its files at " + folder + " could not be listed or removed",
        "let the credentials of the source's staging list, read, write and delete there",
        cause);
  }

  static PenstockException miscounted(String place, long written, long found) {
    return PenstockException.of(
        ErrorCode.RECONCILIATION_MISMATCH,
        "the state of the sync was not written as it is: " + place,
        written + " rows were written, and " + found + " are there",
        "run again; where it happens again, look for another writer of its tables or its files");
  }

  static PenstockException unstorable(String place) {
    return PenstockException.of(
        ErrorCode.STATE_UNREADABLE,
        "the state of the sync cannot be written: " + place,
        "a key holds the character NUL, which Redshift does not keep",
        "leave rows with such keys out by the query");
  }
}
