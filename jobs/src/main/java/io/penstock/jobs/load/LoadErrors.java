package io.penstock.jobs.load;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.SqlStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why COPY refused rows (Amazon Redshift Database Developer Guide, "STL_LOAD_ERRORS" and
 * "SYS_LOAD_ERROR_DETAIL", which is what a serverless workgroup has). The columns that hold the row
 * itself are never read.
 */
final class LoadErrors {
  private static final int SHOWN = 3;

  private static final List<SqlStatement> TABLES =
      List.of(
          SqlStatement.of(
              "SELECT TRIM(colname), line_number, TRIM(filename), err_code, TRIM(err_reason)"
                  + " FROM stl_load_errors WHERE query = pg_last_query_id()"
                  + " ORDER BY filename, line_number LIMIT "
                  + SHOWN),
          SqlStatement.of(
              "SELECT TRIM(column_name), line_number, TRIM(file_name), error_code,"
                  + " TRIM(error_message) FROM sys_load_error_detail"
                  + " WHERE query_id = pg_last_query_id()"
                  + " ORDER BY file_name, line_number LIMIT "
                  + SHOWN));

  private LoadErrors() {}

  /** One refused row, without its content. */
  record Refusal(String column, long line, String file, int code, String reason) {
    static Refusal of(ResultSet row) throws SQLException {
      return new Refusal(
          String.valueOf(row.getString(1)),
          row.getLong(2),
          String.valueOf(row.getString(3)),
          row.getInt(4),
          StatementFailures.withoutQuotes(String.valueOf(row.getString(5))));
    }

    @Override
    public String toString() {
      return (column.isEmpty() ? "" : "column " + column + ", ")
          + "line "
          + line
          + " of "
          + file
          + ": "
          + reason
          + " (code "
          + code
          + ")";
    }
  }

  /**
   * The refusals of the session's last COPY, to be called after its transaction was rolled back;
   * empty where it failed for another reason.
   */
  static Optional<PenstockException> ofLastCopy(Session session, String destination) {
    for (SqlStatement table : TABLES) {
      try {
        List<Refusal> refusals = session.query(table, Refusal::of);
        if (!refusals.isEmpty()) {
          return Optional.of(refused(destination, refusals));
        }
      } catch (SQLException e) {
        if (StatementFailures.isBroken(e) || StatementFailures.isCancelled(e)) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  static PenstockException refused(String destination, List<Refusal> refusals) {
    return PenstockException.of(
        ErrorCode.LOAD_DATA_REFUSED,
        "Redshift refused staged rows of destination " + destination,
        refusals.stream().map(Refusal::toString).collect(Collectors.joining("; ")),
        "Change the type of the template entry for the column, or set on-bad-value = reject;"
            + " staging.keep = true keeps the file to look at");
  }
}
