package io.penstock.jobs.deliver;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArrayBuffer;

/**
 * Which fields of the rows go into files.
 *
 * @param rowType of the rows as they arrive
 * @param fileType of the files: the row type without partition columns
 * @param ordinals in the row, of each field of the file
 */
record FileSchema(StructType rowType, StructType fileType, List<Integer> ordinals)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A view of rows as files hold them, for encoders that read rows by position. */
  RowView view() {
    if (ordinals.size() == rowType.size()) {
      return row -> row;
    }
    ArrayBuffer<Object> positions = new ArrayBuffer<>();
    for (Integer ordinal : ordinals) {
      positions.$plus$eq(ordinal);
    }
    ProjectingInternalRow projecting =
        ProjectingInternalRow.apply(fileType, (scala.collection.Seq<Object>) positions);
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
