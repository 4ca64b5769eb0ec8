package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat.Codec;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;

/**
 * Rows as Parquet, in the schema of Spark's own write support: lists and maps in three levels,
 * decimals in the smallest physical type, timestamps in microseconds.
 */
final class ParquetEncoder implements RowEncoder {
  /** What a footer has, for one row group and for each of its columns, unless texts are long. */
  private static final int FOOTER = 1 << 10;

  private static final int FOOTER_OF_A_COLUMN = 512;

  private final ParquetFile file;
  private final FileSchema.RowView view;
  private final SettledFooterOutput positioned;
  private final long footer;

  private ParquetEncoder(
      ParquetFile file, FileSchema.RowView view, SettledFooterOutput positioned, long footer) {
    this.file = file;
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
    long footer = FOOTER + (long) FOOTER_OF_A_COLUMN * schema.fileType().size();
    return (out, key) -> {
      SettledFooterOutput positioned = new SettledFooterOutput(out);
      ParquetWriteSupport support = CorrectedDates.in(ParquetWriteSupport::new);
      ParquetFile file =
          new ParquetFile(
              new StreamFile(positioned),
              support.init(conf),
              compression,
              ParquetRows.of(schema.fileType(), support));
      return new ParquetEncoder(file, numbered(schema), positioned, footer);
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

  @Override
  public int write(InternalRow row) throws IOException {
    file.write(view.of(row));
    return 1;
  }

  @Override
  public void finish() throws IOException {
    file.finish();
  }

  /** As Spark holds it, which takes eight bytes or more for every value. */
  @Override
  public long sizeOf(InternalRow row) {
    return row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
  }

  @Override
  public long buffered() throws IOException {
    return Math.max(0, file.size() - positioned.passed()) + footer;
  }

  @Override
  public void close() {
    file.close();
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
