package io.penstock.jobs.deliver;

import io.penstock.common.text.TextDialect;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;

/** Rows as delimited text. */
final class TextEncoder implements RowEncoder {
  private final OutputStream out;
  private final TextField[] fields;
  private final TextQuoting quoting;
  private final byte[] lineEnding;
  private final ByteSink sink = new ByteSink();

  private TextEncoder(OutputStream out, TextField[] fields, TextQuoting quoting, byte[] ending) {
    this.out = out;
    this.fields = fields;
    this.quoting = quoting;
    this.lineEnding = ending;
  }

  static RowEncoder.Factory factory(FileSchema schema, String extension, TextDialect dialect) {
    TextQuoting quoting = new TextQuoting(dialect);
    StructField[] columns = schema.fileType().fields();
    TextField[] fields = new TextField[columns.length];
    for (int i = 0; i < columns.length; i++) {
      fields[i] =
          TextField.of(
              columns[i],
              schema.ordinals().get(i),
              i == 0,
              new TextField.Form(dialect, quoting, extension));
    }
    byte[] ending = dialect.lineEnding().text().getBytes(StandardCharsets.US_ASCII);
    return out -> {
      TextEncoder encoder = new TextEncoder(out, fields, quoting, ending);
      if (dialect.header()) {
        encoder.writeHeader(columns);
      }
      return encoder;
    };
  }

  private void writeHeader(StructField[] columns) {
    for (int i = 0; i < columns.length; i++) {
      if (i > 0) {
        quoting.putDelimiter(sink);
      }
      String name = columns[i].name();
      quoting.putText(sink, UTF8String.fromString(name), i == 0, name);
    }
    sink.put(lineEnding);
  }

  @Override
  public void write(InternalRow row) throws IOException {
    for (int i = 0; i < fields.length; i++) {
      if (i > 0) {
        quoting.putDelimiter(sink);
      }
      fields[i].put(row, sink);
    }
    sink.put(lineEnding);
    sink.endRow(out);
  }

  @Override
  public void finish() throws IOException {
    sink.handOn(out);
  }

  @Override
  public void close() {}
}
