package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.List;

/**
 * Turns fields into rows of the target table, sends the good ones to PostgreSQL and keeps an
 * account of the bad ones.
 */
final class RowLoader {
  private static final int FLUSH = 1 << 17;

  private final List<TargetColumn> columns;
  private final FieldConverter[] converters;
  private final Conversion conversion;
  private final boolean matchNullString;
  private final Backend.CopySink sink;
  private final LoadJournal journal;
  private final RowBuffer buffer = new RowBuffer();
  private long rows;

  RowLoader(
      List<TargetColumn> columns,
      Conversion conversion,
      boolean matchNullString,
      Backend.CopySink sink,
      LoadJournal journal)
      throws SqlError {
    this.columns = columns;
    this.conversion = conversion;
    this.matchNullString = matchNullString;
    this.sink = sink;
    this.journal = journal;
    this.converters = new FieldConverter[columns.size()];
    for (int index = 0; index < converters.length; index++) {
      converters[index] = FieldConverter.of(columns.get(index), conversion);
    }
  }

  /** Fields for one row, to be filled and passed to {@link #load} again and again. */
  Field[] fields() {
    Field[] fields = new Field[columns.size()];
    for (int index = 0; index < fields.length; index++) {
      fields[index] = new Field();
    }
    return fields;
  }

  List<TargetColumn> columns() {
    return columns;
  }

  /** Good rows so far. */
  long rows() {
    return rows;
  }

  /** Names the file that the following rows come from. */
  void beginFile(String name) {
    journal.beginFile(name);
  }

  /** Loads one row whose fields are in the order of the columns. */
  void load(Field[] fields, RowOrigin origin) throws IOException, SqlError {
    buffer.beginRow();
    int index = 0;
    try {
      for (; index < converters.length; index++) {
        if (index > 0) {
          buffer.append('\t');
        }
        convert(index, fields[index]);
      }
      buffer.append('\n');
      rows++;
    } catch (RowFault fault) {
      buffer.rollbackRow();
      journal.fault(fault, fields, index, origin);
    }
    if (buffer.length() >= FLUSH) {
      flush();
    }
  }

  /** Notes a row that could not be taken apart. */
  void reject(RowFault fault, RowOrigin origin) throws IOException, SqlError {
    journal.fault(fault, origin);
  }

  /** Notes where a file stops making sense and gives the load up: nothing after it can be read. */
  void abandon(RowFault fault, RowOrigin origin) throws IOException, SqlError {
    journal.fault(fault, origin);
    throw journal.failure();
  }

  private void convert(int index, Field field) throws RowFault {
    TargetColumn column = columns.get(index);
    if (isNull(field, column)) {
      if (column.notNull()) {
        throw new RowFault(RowFault.NOT_NULL, "Missing data for not-null field");
      }
      field.setNull();
      buffer.appendNull();
    } else {
      converters[index].convert(field, buffer);
    }
  }

  private boolean isNull(Field field, TargetColumn column) {
    if (field.isNull || (matchNullString && field.contentEquals(conversion.nullString()))) {
      return true;
    }
    if (!column.isText()) {
      field.strip();
      return field.length() == 0;
    }
    if (conversion.blanksAsNull() && field.length() > 0 && field.isBlank()) {
      return true;
    }
    if (conversion.trimBlanks()) {
      field.stripTrailing();
    }
    return conversion.emptyAsNull() && field.length() == 0;
  }

  void flush() throws IOException, SqlError {
    if (buffer.length() > 0) {
      sink.write(buffer.bytes(), 0, buffer.length());
      buffer.clear();
    }
  }

  /** The field a record lacks at its end: empty text, or NULL where text cannot be. */
  static void fill(Field field, TargetColumn column) {
    if (column.isText()) {
      field.set("");
    } else {
      field.setNull();
    }
  }
}
