package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat.Codec;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.spark.sql.avro.AvroSerializer;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows as an Avro object container file, through Spark's own serializer. */
final class AvroEncoder implements RowEncoder {
  private static final String RECORD_NAME = "topLevelRecord";
  private static final int DEFLATE_LEVEL = 6;
  private static final int ZSTANDARD_LEVEL = 3;

  private final DataFileWriter<GenericRecord> writer;
  private final AvroSerializer serializer;
  private final FileSchema.RowView view;

  private AvroEncoder(
      DataFileWriter<GenericRecord> writer, AvroSerializer serializer, FileSchema.RowView view) {
    this.writer = writer;
    this.serializer = serializer;
    this.view = view;
  }

  static RowEncoder.Factory factory(FileSchema schema, Codec codec) {
    Schema avro = SchemaConverters.toAvroType(schema.fileType(), false, RECORD_NAME, "");
    AvroSerializer serializer =
        CorrectedDates.in(() -> new AvroSerializer(schema.fileType(), avro, false));
    return out -> {
      DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(avro));
      writer.setCodec(codec(codec));
      writer.create(avro, out);
      return new AvroEncoder(writer, serializer, schema.view());
    };
  }

  private static CodecFactory codec(Codec codec) {
    return switch (codec) {
      case NONE -> CodecFactory.nullCodec();
      case SNAPPY -> CodecFactory.snappyCodec();
      case GZIP -> CodecFactory.deflateCodec(DEFLATE_LEVEL);
      case ZSTD -> CodecFactory.zstandardCodec(ZSTANDARD_LEVEL);
    };
  }

  @Override
  public void write(InternalRow row) throws IOException {
    writer.append((GenericRecord) serializer.serialize(view.of(row)));
  }

  @Override
  public void finish() throws IOException {
    writer.flush();
  }

  @Override
  public void close() {}
}
