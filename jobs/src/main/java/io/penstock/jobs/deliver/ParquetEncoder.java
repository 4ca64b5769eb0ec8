package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;

/**
 * Rows as Parquet, through Spark's own write support: lists and maps in three levels, decimals in
 * the smallest physical type, timestamps in microseconds.
 */
final class ParquetEncoder implements RowEncoder {
  /** What a footer has, for one row group and for each of its columns, unless texts are long. */
  private static final int FOOTER = 1 << 10;

  private static final int FOOTER_OF_A_COLUMN = 512;

  private final ParquetWriter<InternalRow> writer;
  private final FileSchema.RowView view;
  private final SettledFooterOutput positioned;
  private final long footer;
  private boolean finished;

  private ParquetEncoder(
      ParquetWriter<InternalRow> writer,
      FileSchema.RowView view,
      SettledFooterOutput positioned,
      long footer) {
    this.writer = writer;
    this.view = view;
    this.positioned = positioned;
    this.footer = footer;
  }

  static RowEncoder.Factory factory(FileSchema schema, Codec codec) {
    Configuration conf = configuration(schema);
    CompressionCodecName compression =
        switch (codec) {
          case NONE -> CompressionCodecName.UNCOMPRESSED;
          case SNAPPY -> CompressionCodecName.SNAPPY;
          case GZIP -> CompressionCodecName.GZIP;
          case ZSTD -> CompressionCodecName.ZSTD;
        };
    return (out, key) -> {
      try {
        SettledFooterOutput positioned = new SettledFooterOutput(out);
        ParquetWriter<InternalRow> writer =
            CorrectedDates.in(() -> writer(conf, compression, new StreamFile(positioned)));
        long footer = FOOTER + (long) FOOTER_OF_A_COLUMN * schema.fileType().size();
        return new ParquetEncoder(writer, numbered(schema), positioned, footer);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    };
  }

  /** The row, with its number before it where the schema has one. */
  private static FileSchema.RowView numbered(FileSchema schema) {
    FileSchema.RowView view = schema.view();
    if (schema.rowNumber() == null) {
      return view;
    }
    GenericInternalRow number = new GenericInternalRow(new Object[] {0L});
    JoinedRow joined = new JoinedRow();
    return row -> {
      number.update(0, number.getLong(0) + 1);
      return joined.apply(number, view.of(row));
    };
  }

  private static Configuration configuration(FileSchema schema) {
    Configuration conf = new Configuration(false);
    ParquetWriteSupport.setSchema(schema.fileType(), conf);
    conf.setBoolean("spark.sql.parquet.writeLegacyFormat", false);
    conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    conf.setBoolean("spark.sql.parquet.fieldId.write.enabled", true);
    return conf;
  }

  private static ParquetWriter<InternalRow> writer(
      Configuration conf, CompressionCodecName compression, OutputFile file) {
    try {
      return new Builder(file).withConf(conf).withCompressionCodec(compression).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(InternalRow row) throws IOException {
    writer.write(view.of(row));
  }

  @Override
  public void finish() throws IOException {
    finished = true;
    writer.close();
  }

  /** As Spark holds it, which takes eight bytes or more for every value. */
  @Override
  public long sizeOf(InternalRow row) {
    return row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
  }

  /** The writer counts row groups that are passed on already, and no footer. */
  @Override
  public long buffered() {
    return Math.max(0, writer.getDataSize() - positioned.passed()) + footer;
  }

  /** The writer frees its buffers only by writing them, into an upload that is then abandoned. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      finished = true;
      writer.close();
    }
  }

  private static final class Builder extends ParquetWriter.Builder<InternalRow, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<InternalRow> getWriteSupport(Configuration conf) {
      return new ParquetWriteSupport();
    }
  }

  /** A file that can only be appended to, which is all that writing needs. */
  private record StreamFile(SettledFooterOutput positioned) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return positioned;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
