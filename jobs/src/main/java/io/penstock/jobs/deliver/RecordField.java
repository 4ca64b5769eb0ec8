package io.penstock.jobs.deliver;

import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One column of a record: what stands around its value and how the value is written. Public, with
 * what it needs, because code that Spark generates for a query calls it; a field belongs to one
 * task.
 */
public abstract class RecordField {
  private final DataType type;

  RecordField(DataType type) {
    this.type = type;
  }

  final DataType type() {
    return type;
  }

  /** Writes the field of a row in which the column is NULL. */
  public abstract void putNull(ByteSink sink);

  /** Writes what precedes a value; returns the sink that takes the value. */
  public abstract ByteSink begin(ByteSink sink);

  /** Writes what follows the value. */
  public abstract void end(ByteSink sink);

  /** Writes a whole field of text; for columns of text alone. */
  public void putText(ByteSink sink, UTF8String text) {
    throw new IllegalStateException("not a column of text");
  }

  /**
   * The public static method of ours, {@code (ByteSink, value)}, that writes a value between {@link
   * #begin} and {@link #end}; empty where only {@link #putValue} can.
   */
  abstract Optional<String> method();

  /** Writes the value at an ordinal, between {@link #begin} and {@link #end}. */
  public abstract void putValue(SpecializedGetters row, int ordinal, ByteSink sink);

  /** Whether {@link #putText} writes this field. */
  abstract boolean isText();

  final void put(InternalRow row, int ordinal, ByteSink sink) {
    if (row.isNullAt(ordinal)) {
      putNull(sink);
    } else if (isText()) {
      putText(sink, row.getUTF8String(ordinal));
    } else {
      putValue(row, ordinal, begin(sink));
      end(sink);
    }
  }
}
