package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.jobs.deliver.RecordFile.Frame;
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
      return AvroFile.factory(columns, avro, record);
    }
    Frame frame = frame(format, columns);
    return (out, key) -> new RecordFile(out, frame, record);
  }

  private static Frame frame(OutputFormat format, StructType columns) {
    if (format instanceof OutputFormat.Text text) {
      return Frame.headed(TextRecords.header(columns, text.dialect()));
    }
    return format instanceof OutputFormat.JsonArray ? Frame.ARRAY : Frame.LINES;
  }
}
