package io.penstock.jobs.load;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.SqlStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why COPY refused rows (Amazon Redshift Database Developer Guide, "STL_LOAD_ERRORS", which knows
 * provisioned clusters only, and "SYS_LOAD_ERROR_DETAIL"). STL_LOADERROR_DETAIL is of no use: it
 * keeps 20 errors of a slice. The columns that hold the row itself are never read: they are cut off
 * at 1,024 characters, and of those the ones beyond ASCII are lost.
 */
final class LoadErrors {
  private static final int SHOWN = 3;

  private static final List<String> TABLES =
      List.of(
          "SELECT TRIM(colname), line_number, TRIM(filename), err_code, TRIM(err_reason), position"
              + " FROM stl_load_errors WHERE query = %s ORDER BY filename, line_number",
          "SELECT TRIM(column_name), line_number, TRIM(file_name), error_code,"
              + " TRIM(error_message), position FROM sys_load_error_detail WHERE query_id = %s"
              + " ORDER BY file_name, line_number");

  private LoadErrors() {}

  /**
   * One refused row, without its content.
   *
   * @param column empty where the row as a whole is refused
   * @param line of the file, from 1; one of those that the row takes
   * @param position of the error in the field
   */
  record Refusal(String column, long line, String file, int code, String reason, int position) {
    static Refusal of(ResultSet row) throws SQLException {
      return new Refusal(
          String.valueOf(row.getString(1)),
          row.getLong(2),
          String.valueOf(row.getString(3)),
          row.getInt(4),
          String.valueOf(row.getString(5)),
          row.getInt(6));
    }

    /** Redshift's reason may quote the value. */
    @Override
    public String toString() {
      return (column.isEmpty() ? "" : "column " + column + ", ")
          + "line "
          + line
          + " of "
          + file
          + ": "
          + StatementFailures.withoutQuotes(reason)
          + " (code "
          + code
          + ")";
    }
  }

  /**
   * The first refusals of the session's last COPY, to be called after its transaction was rolled
   * back; none where it failed for another reason.
   */
  static List<Refusal> ofLastCopy(Session session) {
    try {
      return first(session, "pg_last_query_id()", " LIMIT " + SHOWN);
    } catch (SQLException e) {
      return List.of();
    }
  }

  /**
   * All refusals of a COPY.
   *
   * @param session outside a transaction, which a table that does not exist would end
   * @throws SQLException where the connection broke or the look-up was cancelled
   */
  static List<Refusal> of(Session session, long query) throws SQLException {
    return first(session, Long.toString(query), "");
  }

  private static List<Refusal> first(Session session, String query, String limit)
      throws SQLException {
    for (String table : TABLES) {
      try {
        List<Refusal> refusals =
            session.query(SqlStatement.of(table.formatted(query) + limit), Refusal::of);
        if (!refusals.isEmpty()) {
          return refusals.stream().distinct().toList();
        }
      } catch (SQLException e) {
        if (StatementFailures.isBroken(e) || StatementFailures.isCancelled(e)) {
          throw e;
        }
      }
    }
    return List.of();
  }

  static PenstockException refused(String destination, List<Refusal> refusals) {
    return PenstockException.of(
        ErrorCode.LOAD_DATA_REFUSED,
        "Redshift refused staged rows of destination " + destination,
        listed(refusals),
        "Change the type of the template entry for the column, or let rejects.max set such rows"
            + " aside; staging.keep = true keeps the file to look at");
  }

  /** More refusals than may be passed over. */
  static PenstockException exceeded(String destination, long rejectable, List<Refusal> refusals) {
    return PenstockException.of(
        ErrorCode.REJECTS_EXCEEDED,
        "Redshift refused more than " + rejectable + " staged rows of destination " + destination,
        listed(refusals),
        "Change the type of the template entry for the column, or raise rejects.max (a COPY passes"
            + " over 99999 rows at most); nothing was applied");
  }

  private static String listed(List<Refusal> refusals) {
    return refusals.stream().map(Refusal::toString).collect(Collectors.joining("; "));
  }
}
