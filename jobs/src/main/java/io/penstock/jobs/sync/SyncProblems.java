package io.penstock.jobs.sync;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.sync.RowOperation;
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
}
