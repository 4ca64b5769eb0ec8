package io.penstock.jobs.deliver;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Rows in which decimals, dates and timestamps are text, in the form that text files have. */
final class PrimitiveView implements FileSchema.RowView {
  private final StructField[] fields;
  private final @Nullable ValueWriter[] writers;
  private final FileSchema.RowView view;
  private final ByteSink sink = new ByteSink();

  private PrimitiveView(
      StructField[] fields, @Nullable ValueWriter[] writers, FileSchema.RowView view) {
    this.fields = fields;
    this.writers = writers;
    this.view = view;
  }

  static FileSchema.RowView of(StructType type, FileSchema.RowView view) {
    StructField[] fields = type.fields();
    @Nullable ValueWriter[] writers = new ValueWriter[fields.length];
    for (int i = 0; i < fields.length; i++) {
      DataType from = fields[i].dataType();
      writers[i] = isLogical(from) ? ScalarWriters.of(from).orElseThrow() : null;
    }
    return new PrimitiveView(fields, writers, view);
  }

  /** The type of the rows of the view. */
  static StructType type(StructType type) {
    StructType primitive = new StructType();
    for (StructField field : type.fields()) {
      DataType as = isLogical(field.dataType()) ? DataTypes.StringType : field.dataType();
      primitive = primitive.add(field.name(), as, field.nullable());
    }
    return primitive;
  }

  private static boolean isLogical(DataType type) {
    return type instanceof DecimalType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  @Override
  public InternalRow of(InternalRow row) {
    InternalRow from = view.of(row);
    @Nullable Object[] values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      if (!from.isNullAt(i)) {
        ValueWriter writer = writers[i];
        values[i] = writer == null ? from.get(i, fields[i].dataType()) : text(writer, from, i);
      }
    }
    return new GenericInternalRow(values);
  }

  private UTF8String text(ValueWriter writer, InternalRow from, int ordinal) {
    sink.position = 0;
    writer.write(from, ordinal, sink);
    return UTF8String.fromBytes(Arrays.copyOf(sink.buffer, sink.position));
  }
}
