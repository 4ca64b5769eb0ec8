package io.penstock.jobs.deliver;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.sql.vectorized.ColumnarBatchRow;
import org.jspecify.annotations.Nullable;

/**
 * One column of records that are made from batches of columns. What is written for a value of the
 * batch's dictionary is kept, and copied for every other row that has the value. Public for
 * generated code; belongs to one task.
 */
public final class BatchColumn {
  /** Dictionaries of fewer rows for each value are not worth keeping what was written. */
  private static final int LEAST_ROWS_PER_VALUE = 4;

  /** Batches after which a column that was not worth it is looked at again. */
  private static final int BATCHES_PASSED = 64;

  private final RecordField field;
  private final int ordinal;
  private final ByteSink written = new ByteSink();
  private int[] starts = new int[0];
  private int[] ends = new int[0];
  private int distinct;
  private int passing;
  private @Nullable WritableColumnVector ids;
  private boolean nulls;

  BatchColumn(RecordField field, int ordinal) {
    this.field = field;
    this.ordinal = ordinal;
  }

  /** Within a batch an id of the dictionary is one value; the next may have another dictionary. */
  void open(ColumnarBatch batch) {
    if (ids != null && distinct > batch.numRows() / LEAST_ROWS_PER_VALUE) {
      passing = BATCHES_PASSED;
    }
    ColumnVector vector = batch.column(ordinal);
    nulls = vector.hasNull();
    boolean dictionary =
        vector instanceof WritableColumnVector writable && writable.hasDictionary();
    if (dictionary && passing == 0) {
      ids = ((WritableColumnVector) vector).getDictionaryIds();
      Arrays.fill(ends, 0);
      written.clear();
      // no value ends at zero, which stands for one that is not written yet
      written.put((byte) 0);
      distinct = 0;
    } else {
      ids = null;
      passing = Math.max(0, passing - 1);
    }
  }

  /**
   * Writes the column's field, unless it has to be made from the value.
   *
   * @param view of a row of the batch
   * @return whether it is written
   */
  public boolean copy(InternalRow view, ByteSink sink) {
    WritableColumnVector dictionary = ids;
    if (dictionary == null || (nulls && view.isNullAt(ordinal))) {
      return false;
    }
    int id = dictionary.getDictId(((ColumnarBatchRow) view).rowId);
    if (id >= ends.length || ends[id] == 0) {
      keep(id, view);
    }
    sink.put(written, starts[id], ends[id]);
    return true;
  }

  private void keep(int id, InternalRow row) {
    if (id >= ends.length) {
      int longer = Math.max(id + 1, 2 * ends.length);
      starts = Arrays.copyOf(starts, longer);
      ends = Arrays.copyOf(ends, longer);
    }
    starts[id] = written.position;
    field.put(row, ordinal, written);
    ends[id] = written.position;
    distinct++;
  }
}
