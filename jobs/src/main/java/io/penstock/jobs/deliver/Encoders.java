package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.jobs.deliver.RecordFile.Frame;
import io.penstock.jobs.deliver.RecordFile.NumberForm;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.types.StructType;

/** The encoder of each format. */
final class Encoders {
  private Encoders() {}

  /** Over rows as {@link FileRows} arranges them. */
  static RowEncoder.Factory of(OutputFormat format, FileSchema schema) {
    if (format instanceof OutputFormat.Parquet parquet) {
      return ParquetEncoder.factory(schema, parquet.codec());
    }
    StructType columns = schema.fileType();
    int record = schema.rowType().size() - 1;
    if (format instanceof OutputFormat.Avro avro) {
      return AvroFile.factory(columns, avro, schema.rowNumber() != null, record);
    }
    Frame frame = frame(format, columns);
    NumberForm number = number(format, schema);
    RowEncoder.Factory plain = (out, key) -> new RecordFile(out, frame, number, record);
    return format instanceof OutputFormat.Text text && !charset(text).equals(StandardCharsets.UTF_8)
        ? (out, key) -> plain.open(new Transcoding(out, charset(text)), key)
        : plain;
  }

  private static Charset charset(OutputFormat.Text text) {
    return Charset.forName(text.dialect().charset());
  }

  static Frame frame(OutputFormat format, StructType columns) {
    if (format instanceof OutputFormat.Text text) {
      return Frame.headed(TextRecords.head(columns, text.dialect()));
    }
    return format instanceof OutputFormat.JsonArray ? Frame.ARRAY : Frame.LINES;
  }

  private static NumberForm number(OutputFormat format, FileSchema schema) {
    String column = schema.rowNumber();
    if (column == null) {
      return NumberForm.NONE;
    }
    return format instanceof OutputFormat.Text text
        ? TextRecords.number(column, text)
        : JsonRecords.number(column);
  }
}
