package io.penstock.jobs.deliver;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.mutable.ArrayBuffer;

/**
 * Which fields of the rows go into files.
 *
 * @param rowType of the rows as they arrive
 * @param columns of the files, but for the row number
 * @param ordinals in the row, of each of the columns
 * @param rowNumber name of the first column, which numbers the rows of a file; null: none
 */
record FileSchema(
    StructType rowType, StructType columns, List<Integer> ordinals, @Nullable String rowNumber)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** All columns of the files. */
  StructType fileType() {
    if (rowNumber == null) {
      return columns;
    }
    StructType numbered = new StructType().add(rowNumber, DataTypes.LongType, false);
    for (StructField column : columns.fields()) {
      numbered = numbered.add(column);
    }
    return numbered;
  }

  /** A view of rows as files hold them, but for the row number. */
  RowView view() {
    if (ordinals.size() == rowType.size()) {
      return row -> row;
    }
    ArrayBuffer<Object> positions = new ArrayBuffer<>();
    for (Integer ordinal : ordinals) {
      positions.$plus$eq(ordinal);
    }
    ProjectingInternalRow projecting =
        ProjectingInternalRow.apply(columns, (scala.collection.Seq<Object>) positions);
    return row -> {
      projecting.project(row);
      return projecting;
    };
  }

  /** The row as the file holds it; valid until the next call. */
  @FunctionalInterface
  interface RowView {
    InternalRow of(InternalRow row);
  }
}
