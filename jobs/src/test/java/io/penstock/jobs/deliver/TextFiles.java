package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.text.TextDialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Text files made of rows in memory. */
final class TextFiles {
  private TextFiles() {}

  /**
   * The bytes of one file.
   *
   * @param rows values as Spark holds them, text as strings
   * @param rowNumber name of the column that numbers rows; null: none
   */
  static byte[] write(
      TextDialect dialect,
      StructType columns,
      List<@Nullable Object[]> rows,
      @Nullable String rowNumber)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputFormat.Text format = new OutputFormat.Text("csv", dialect);
    StructType records =
        new StructType().add("record", DataTypes.StringType).add("records", DataTypes.IntegerType);
    FileSchema schema = new FileSchema(records, columns, List.of(), rowNumber);
    RecordForm form = new RecordForm.Recipe(format, columns, rowNumber != null).open();
    ByteSink sink = new ByteSink();
    try (RowEncoder encoder = Encoders.of(format, schema).open(out, "file.csv")) {
      for (@Nullable Object[] row : rows) {
        sink.clear();
        form.put(internal(row), sink);
        encoder.write(new GenericInternalRow(new Object[] {sink.text(), 1}));
      }
      encoder.finish();
    }
    return out.toByteArray();
  }

  private static InternalRow internal(@Nullable Object[] row) {
    @Nullable Object[] values = new Object[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = row[i] instanceof String text ? UTF8String.fromString(text) : row[i];
    }
    return new GenericInternalRow(values);
  }
}
