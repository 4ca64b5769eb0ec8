package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the bad rows of one COPY against MAXERROR and keeps them for STL_LOAD_ERRORS. */
final class LoadJournal {
  private static final int KEPT_IN_MEMORY = 1000;

  private final LoadErrorLog log;
  private final QueryIdentity query;
  private final TargetTable table;
  private final int maxErrors;
  private final List<LoadError> pending = new ArrayList<>();
  private String file = "";
  private long errors;

  /**
   * @param maxErrors as AWS defines MAXERROR: that many errors fail the load; 0 means 1
   */
  LoadJournal(LoadErrorLog log, QueryIdentity query, TargetTable table, int maxErrors) {
    this.log = log;
    this.query = query;
    this.table = table;
    this.maxErrors = Math.max(1, maxErrors);
  }

  void beginFile(String name) {
    file = name;
  }

  long errors() {
    return errors;
  }

  /**
   * @throws SqlError if this is one error too many
   */
  void fault(RowFault fault, @Nullable TargetColumn column, String value, RowOrigin origin)
      throws IOException, SqlError {
    errors++;
    pending.add(
        new LoadError(
            query.userId(),
            (int) table.oid(),
            query.session(),
            query.queryId(),
            file,
            origin.line(),
            column == null ? "" : column.name(),
            column == null ? "" : column.redshiftType(),
            column == null ? "" : declaredLength(column),
            fault.position(),
            origin.raw(),
            value,
            fault.code(),
            fault.reason(),
            origin.offset()));
    if (pending.size() >= KEPT_IN_MEMORY) {
      write();
    }
    if (errors >= maxErrors) {
      throw failure();
    }
  }

  private static String declaredLength(TargetColumn column) {
    if (column.length() < 0) {
      return "";
    }
    return column.type().equals("numeric")
        ? column.length() + ", " + column.scale()
        : String.valueOf(column.length());
  }

  SqlError failure() {
    return new SqlError(
        "XX000",
        "Load into table '"
            + table.name()
            + "' failed.  Check 'stl_load_errors' system table for details.");
  }

  void write() throws IOException {
    log.append(pending);
    pending.clear();
  }
}
