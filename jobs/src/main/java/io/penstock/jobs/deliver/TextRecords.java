package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.text.TextDialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Rows as delimited text. */
final class TextRecords {
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final byte[] NOTHING = new byte[0];

  private TextRecords() {}

  static RecordForm form(StructType columns, OutputFormat.Text format, boolean numbered) {
    TextQuoting quoting = new TextQuoting(format.dialect());
    TextField.Form shared = new TextField.Form(format.dialect(), quoting, format.extension());
    List<TextField> fields = new ArrayList<>();
    for (StructField column : columns.fields()) {
      fields.add(TextField.of(column, fields.isEmpty() && !numbered, shared));
    }
    return new RecordForm(fields, NOTHING, ending(format.dialect()));
  }

  /** The number of a row, which precedes its other fields. */
  static RecordFile.NumberForm number(String column, OutputFormat.Text format) {
    TextField.Form shared =
        new TextField.Form(format.dialect(), new TextQuoting(format.dialect()), format.extension());
    StructField field = DataTypes.createStructField(column, DataTypes.LongType, false);
    TextField number = TextField.of(field, true, shared);
    return (sink, value) -> number.put(new GenericInternalRow(new Object[] {value}), 0, sink);
  }

  /** Byte order mark and header line, as far as the dialect has them, in UTF-8. */
  static byte[] head(StructType columns, TextDialect dialect) {
    ByteSink sink = new ByteSink();
    if (dialect.byteOrderMark()) {
      sink.put(UTF8String.fromString(BYTE_ORDER_MARK));
    }
    int start = sink.position;
    if (dialect.header()) {
      TextQuoting quoting = new TextQuoting(dialect);
      for (String name : columns.fieldNames()) {
        boolean first = sink.position == start;
        if (!first) {
          quoting.putDelimiter(sink);
        }
        quoting.putText(sink, UTF8String.fromString(name), first, name);
      }
      sink.put(ending(dialect));
    }
    return sink.bytes();
  }

  private static byte[] ending(TextDialect dialect) {
    return dialect.lineEnding().text().getBytes(StandardCharsets.US_ASCII);
  }
}
