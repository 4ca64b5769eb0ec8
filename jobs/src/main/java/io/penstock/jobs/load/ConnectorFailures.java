package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the connector becomes. Its messages quote the refused row, so that only the
 * fields of them that are named here are read.
 */
final class ConnectorFailures {
  private static final Pattern CODE =
      Pattern.compile("Error \\(code (\\d+)\\) while loading data into Redshift: \"(.*?)\"");
  private static final Pattern COLUMN = Pattern.compile("(?m)^\\s*Column name: (\\S+)\\s*$");

  private ConnectorFailures() {}

  static PenstockException of(RedshiftDestination destination, Exception failure) {
    @Nullable SQLException sql = null;
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      Matcher refused = CODE.matcher(String.valueOf(cause.getMessage()));
      if (refused.find()) {
        return refused(destination, refused, String.valueOf(cause.getMessage()));
      }
      if (sql == null && cause instanceof SQLException found) {
        sql = found;
      }
      cause = cause.getCause();
    }
    if (sql != null) {
      return LoadFailures.of(destination.name(), "the connector's write", sql);
    }
    return PenstockException.of(
        ErrorCode.LOAD_STATEMENT,
        "The connector failed to load destination " + destination.name(),
        "it stopped with " + failure.getClass().getName() + "; its message may hold values of rows",
        "Check that Spark may write below "
            + destination.staging().location()
            + " through s3a, or set loader = copy to see the cause");
  }

  private static PenstockException refused(
      RedshiftDestination destination, Matcher refused, String message) {
    Matcher column = COLUMN.matcher(message);
    return PenstockException.of(
        ErrorCode.LOAD_DATA_REFUSED,
        "Redshift refused staged rows of destination " + destination.name(),
        (column.find() ? "column " + column.group(1) + ": " : "")
            + StatementFailures.withoutQuotes(refused.group(2))
            + " (code "
            + refused.group(1)
            + ")",
        String.join(
            "",
            List.of(
                "Change the type of the template entry for the column, or set",
                " on-bad-value = reject; loader = copy names the line too")));
  }
}
