package io.penstock.jobs.load;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;

/** What a statement of a load that the server refused becomes. */
final class LoadFailures {
  private LoadFailures() {}

  /**
   * @param work what was being done, such as {@code pre-sql statement 2}
   */
  static PenstockException of(String destination, String work, SQLException failure) {
    String problem = "The load into destination " + destination + " failed at " + work;
    if (StatementFailures.isBroken(failure)) {
      return PenstockException.of(
          ErrorCode.LOAD_CONNECTION,
          problem,
          "the connection broke, " + StatementFailures.describe(failure),
          "Run again with the same --run-id: nothing was applied, and nothing is applied twice",
          StatementFailures.withoutValues(failure));
    }
    return PenstockException.of(
        ErrorCode.LOAD_STATEMENT,
        problem,
        StatementFailures.describe(failure),
        remedy(failure),
        StatementFailures.withoutValues(failure));
  }

  private static String remedy(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (StatementFailures.isForbidden(failure)) {
      return "Give the user the permissions that the command grants prints for this job file";
    }
    if (state.equals("40001")) {
      return "Let the other writers of these tables end, and run again with the same --run-id";
    }
    if (state.startsWith("22") || state.startsWith("23")) {
      return "Give the template types and nullability that the table takes; values are not shown";
    }
    return "Look the SQLSTATE up in the server's log of this session, change the named object or"
        + " statement, and run again with the same --run-id";
  }
}
