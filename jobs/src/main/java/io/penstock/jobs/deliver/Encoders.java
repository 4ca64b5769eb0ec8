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
    if (format instanceof OutputFormat.Avro avro) {
      return AvroFile.factory(columns, avro, schema.rowNumber() != null, FileRows.records(schema));
    }
    return records(format, schema, frame(format, columns));
  }

  /** Of records alone, whose neighbours and frame are added later. */
  static RowEncoder.Factory ofPiece(OutputFormat format, FileSchema schema) {
    byte[] nothing = new byte[0];
    byte[] separator = frame(format, schema.fileType()).separator();
    return records(format, schema, new Frame(nothing, separator, nothing, nothing));
  }

  /** Whether files of the format can be written in pieces. */
  static boolean canJoin(OutputFormat format) {
    return !(format instanceof OutputFormat.Parquet) && !(format instanceof OutputFormat.Avro);
  }

  private static RowEncoder.Factory records(OutputFormat format, FileSchema schema, Frame frame) {
    int record = FileRows.records(schema);
    NumberForm number = number(format, schema);
    if (format instanceof OutputFormat.Text text && !charset(text).equals(StandardCharsets.UTF_8)) {
      Charset charset = charset(text);
      int widest = (int) Math.ceil(charset.newEncoder().maxBytesPerChar());
      return (out, key) ->
          new RecordFile(new Transcoding(out, charset), frame, number, record, widest);
    }
    return (out, key) -> new RecordFile(out, frame, number, record, 1);
  }

  private static Charset charset(OutputFormat.Text text) {
    return Charset.forName(text.dialect().charset());
  }

  /** What is not a record, in the charset of the files. */
  static Frame encodedFrame(OutputFormat format, StructType columns) {
    Frame frame = frame(format, columns);
    return format instanceof OutputFormat.Text text
        ? Frame.headed(new String(frame.head(), StandardCharsets.UTF_8).getBytes(charset(text)))
        : frame;
  }

  /** In UTF-8. */
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
