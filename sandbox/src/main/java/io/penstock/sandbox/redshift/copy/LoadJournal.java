package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Counts the bad rows of one COPY against MAXERROR and keeps them for STL_LOAD_ERRORS. */
final class LoadJournal {
  private static final int KEPT_IN_MEMORY = 1000;

  /** AWS, "STL_LOADERROR_DETAIL": a maximum of 20 errors per slice is logged for each load. */
  private static final int ERRORS_WITH_FIELDS = 20;

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
   * A row whose field at the index cannot be converted.
   *
   * @throws SqlError if this is one error too many
   */
  void fault(RowFault fault, Field[] fields, int index, RowOrigin origin)
      throws IOException, SqlError {
    TargetColumn column = table.columns().get(index);
    add(
        new LoadError(
            file,
            origin.line(),
            column.name(),
            column.internalType(),
            declaredLength(column),
            fault.position(),
            origin.raw(),
            fields[index].text(),
            fault.code(),
            fault.reason(),
            origin.offset(),
            errors < ERRORS_WITH_FIELDS ? parsed(fields, index) : List.of()));
  }

  /**
   * A row that cannot be taken apart.
   *
   * @throws SqlError if this is one error too many
   */
  void fault(RowFault fault, RowOrigin origin) throws IOException, SqlError {
    add(
        new LoadError(
            file,
            origin.line(),
            "",
            "",
            "",
            fault.position(),
            origin.raw(),
            "",
            fault.code(),
            fault.reason(),
            origin.offset(),
            List.of()));
  }

  private void add(LoadError error) throws IOException, SqlError {
    errors++;
    pending.add(error);
    if (pending.size() >= KEPT_IN_MEMORY) {
      write();
    }
    if (errors >= maxErrors) {
      throw failure();
    }
  }

  /** The fields up to the one that failed, which has no parsed value. */
  private List<LoadError.ParsedField> parsed(Field[] fields, int failed) {
    List<LoadError.ParsedField> parsed = new ArrayList<>();
    for (int index = 0; index <= failed; index++) {
      TargetColumn column = table.columns().get(index);
      boolean isNull = index == failed || fields[index].isNull;
      parsed.add(
          new LoadError.ParsedField(
              index,
              column.name(),
              isNull ? "" : fields[index].text(),
              isNull,
              column.internalType(),
              declaredLength(column)));
    }
    return parsed;
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
    log.append(query, table, pending);
    pending.clear();
  }
}
