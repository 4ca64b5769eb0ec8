package io.penstock.jobs.deliver;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;

/**
 * Rows without nested columns. Some of them are held back, and then their values go to one column
 * after the other: what a column's writer looks up stays near the processor, and calls go where the
 * last one went.
 */
final class ParquetColumns implements ParquetRows {
  private static final int ROWS = 128;
  private static final int BYTES = 1 << 16;

  private final ColumnWriteStore store;
  private final ColumnForm[] forms;
  private final ColumnWriter[] writers;
  private final int[] present;
  private final UnsafeRow[] held = new UnsafeRow[ROWS];
  private final byte[] bytes = new byte[BYTES];
  private int count;
  private int used;

  /**
   * @param forms of the columns, in their order
   */
  ParquetColumns(ColumnWriteStore store, MessageType schema, ColumnForm[] forms) {
    this.store = store;
    this.forms = forms;
    this.writers = new ColumnWriter[forms.length];
    this.present = new int[forms.length];
    for (int i = 0; i < forms.length; i++) {
      ColumnDescriptor column = schema.getColumns().get(i);
      writers[i] = store.getColumnWriter(column);
      present[i] = column.getMaxDefinitionLevel();
    }
    for (int i = 0; i < ROWS; i++) {
      held[i] = new UnsafeRow(forms.length);
    }
  }

  @Override
  public void write(InternalRow row) {
    if (row instanceof UnsafeRow unsafe && unsafe.getSizeInBytes() <= BYTES) {
      hold(unsafe);
    } else {
      flush();
      for (int i = 0; i < forms.length; i++) {
        put(row, i, forms[i], writers[i], present[i]);
      }
      store.endRecord();
    }
  }

  private void hold(UnsafeRow row) {
    int size = row.getSizeInBytes();
    if (count == ROWS || size > BYTES - used) {
      flush();
    }
    long to = Platform.BYTE_ARRAY_OFFSET + used;
    Platform.copyMemory(row.getBaseObject(), row.getBaseOffset(), bytes, to, size);
    held[count].pointTo(bytes, to, size);
    count++;
    used += size;
  }

  @Override
  public void flush() {
    for (int i = 0; i < forms.length; i++) {
      ColumnForm form = forms[i];
      ColumnWriter writer = writers[i];
      int level = present[i];
      for (int row = 0; row < count; row++) {
        put(held[row], i, form, writer, level);
      }
    }
    for (int row = 0; row < count; row++) {
      store.endRecord();
    }
    count = 0;
    used = 0;
  }

  private static void put(
      InternalRow row, int ordinal, ColumnForm form, ColumnWriter writer, int present) {
    if (row.isNullAt(ordinal)) {
      writer.writeNull(0, 0);
    } else {
      form.put(row, ordinal, writer, present);
    }
  }

  @Override
  public long held() {
    return used;
  }
}
