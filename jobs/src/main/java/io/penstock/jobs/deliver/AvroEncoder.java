package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
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
import org.apache.spark.sql.types.StructType;

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

  static RowEncoder.Factory factory(FileSchema schema, OutputFormat.Avro format) {
    StructType type =
        format.logicalTypes() ? schema.fileType() : PrimitiveView.type(schema.fileType());
    Schema avro = SchemaConverters.toAvroType(type, false, RECORD_NAME, "");
    AvroSerializer serializer = CorrectedDates.in(() -> new AvroSerializer(type, avro, false));
    return out -> {
      DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(avro));
      writer.setCodec(codec(format.codec()));
      writer.create(avro, out);
      FileSchema.RowView view =
          format.logicalTypes()
              ? schema.view()
              : PrimitiveView.of(schema.fileType(), schema.view());
      return new AvroEncoder(writer, serializer, view);
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
