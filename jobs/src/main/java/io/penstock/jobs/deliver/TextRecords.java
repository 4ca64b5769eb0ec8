package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.text.TextDialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Rows as delimited text. */
final class TextRecords {
  private static final byte[] NOTHING = new byte[0];

  private TextRecords() {}

  static RecordForm form(StructType columns, OutputFormat.Text format) {
    TextQuoting quoting = new TextQuoting(format.dialect());
    TextField.Form shared = new TextField.Form(format.dialect(), quoting, format.extension());
    List<TextField> fields = new ArrayList<>();
    for (StructField column : columns.fields()) {
      fields.add(TextField.of(column, fields.isEmpty(), shared));
    }
    return new RecordForm(fields, NOTHING, ending(format.dialect()));
  }

  /** The header line; empty where the dialect has none. */
  static byte[] header(StructType columns, TextDialect dialect) {
    ByteSink sink = new ByteSink();
    if (dialect.header()) {
      TextQuoting quoting = new TextQuoting(dialect);
      for (String name : columns.fieldNames()) {
        boolean first = sink.position == 0;
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
