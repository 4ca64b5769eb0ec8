package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.OutputFormat.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Records in an Avro object container file. */
final class AvroFile implements RowEncoder {
  private static final int DEFLATE_LEVEL = 6;
  private static final int ZSTANDARD_LEVEL = 3;

  private final DataFileWriter<Object> writer;
  private final int ordinal;
  private final boolean numbered;
  private final ByteSink sink = new ByteSink();
  private long records;

  private AvroFile(DataFileWriter<Object> writer, boolean numbered, int ordinal) {
    this.writer = writer;
    this.numbered = numbered;
    this.ordinal = ordinal;
  }

  /**
   * @param columns all columns of the files
   * @param numbered whether the first of them is a row number, which the records lack
   * @param ordinal of the record in the rows
   */
  static RowEncoder.Factory factory(
      StructType columns, OutputFormat.Avro format, boolean numbered, int ordinal) {
    Schema schema = AvroRecords.schema(columns, format);
    return (out, key) -> {
      DataFileWriter<Object> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema));
      writer.setCodec(codec(format.codec()));
      writer.create(schema, out, marker(schema, key));
      return new AvroFile(writer, numbered, ordinal);
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

  /**
   * The 16 bytes between blocks, which follow from the file so that equal rows make equal files.
   */
  private static byte[] marker(Schema schema, String key) {
    UUID name = UUID.nameUUIDFromBytes((key + schema).getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(16)
        .putLong(name.getMostSignificantBits())
        .putLong(name.getLeastSignificantBits())
        .array();
  }

  @Override
  public int write(InternalRow row) throws IOException {
    UTF8String record = row.getUTF8String(ordinal);
    if (numbered) {
      records++;
      sink.clear();
      AvroWriters.putLong(sink, records);
      sink.put(record);
      record = sink.text();
    }
    writer.appendEncoded(
        record.getBaseObject() instanceof byte[] bytes
            ? ByteBuffer.wrap(
                bytes,
                (int) (record.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET),
                record.numBytes())
            : ByteBuffer.wrap(record.getBytes()));
    return 1;
  }

  /** With the block that waits before it. */
  @Override
  public long sizeOf(InternalRow row) {
    return DataFileConstants.DEFAULT_SYNC_INTERVAL + (long) row.getUTF8String(ordinal).numBytes();
  }

  /** A block at most, which is not worth asking for. */
  @Override
  public long buffered() {
    return 0;
  }

  @Override
  public void finish() throws IOException {
    writer.flush();
  }

  @Override
  public void close() {}
}
