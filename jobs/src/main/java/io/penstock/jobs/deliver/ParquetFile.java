package io.penstock.jobs.deliver;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.values.factory.DefaultV1ValuesWriterFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * A Parquet file on its way: rows go to the writers of their columns until a row group is full, by
 * the rules and with the defaults of Parquet's own {@code ParquetWriter}, which hands every value
 * through a record instead.
 */
final class ParquetFile implements Closeable {
  private static final int LEAST_ROWS_BETWEEN_CHECKS = 100;
  private static final int MOST_ROWS_BETWEEN_CHECKS = 10_000;

  private final WriteSupport.WriteContext context;
  private final ParquetFileWriter file;
  private final ParquetProperties properties;
  private final CodecFactory codecs;
  private final CodecFactory.BytesCompressor compressor;
  private final ParquetRows.Factory rows;
  private int groups;
  private Group group;
  private long nextCheck = LEAST_ROWS_BETWEEN_CHECKS;

  /**
   * @param context the schema, and what the footer says besides
   */
  ParquetFile(
      OutputFile out,
      WriteSupport.WriteContext context,
      CompressionCodecName codec,
      ParquetRows.Factory rows)
      throws IOException {
    this.context = context;
    this.rows = rows;
    this.properties =
        ParquetProperties.builder()
            .withAllocator(new SlabPool())
            // the default factory is one for all files of a JVM and takes the latest allocator
            .withValuesWriterFactory(new DefaultV1ValuesWriterFactory())
            .build();
    this.codecs = new CodecFactory(new Configuration(false), properties.getPageSizeThreshold());
    this.compressor = codecs.getCompressor(codec);
    this.file =
        new ParquetFileWriter(
            out,
            context.getSchema(),
            ParquetFileWriter.Mode.CREATE,
            ParquetWriter.DEFAULT_BLOCK_SIZE,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            properties.getColumnIndexTruncateLength(),
            properties.getStatisticsTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    file.start();
    this.group = new Group(groups);
  }

  /** A row group on its way. */
  private final class Group implements Closeable {
    private final ColumnChunkPageWriteStore pages;
    private final ColumnWriteStore columns;
    private final ParquetRows rows;
    private long count;
    private boolean closed;

    /**
     * @param number of the row group in the file, from 0
     */
    Group(int number) {
      MessageType schema = context.getSchema();
      this.pages =
          new ColumnChunkPageWriteStore(
              compressor,
              schema,
              properties.getAllocator(),
              properties.getColumnIndexTruncateLength(),
              properties.getPageWriteChecksumEnabled(),
              null,
              number);
      this.columns = properties.newColumnWriteStore(schema, pages, pages);
      this.rows = ParquetFile.this.rows.open(columns, schema);
    }

    void write(InternalRow row) {
      rows.write(row);
      count++;
    }

    /** Writes what is held. Nothing but {@link #close} may follow. */
    void finish() throws IOException {
      if (count > 0) {
        rows.flush();
        file.startBlock(count);
        columns.flush();
        pages.flushToFileWriter(file);
        file.endBlock();
      }
      close();
    }

    /** Gives the buffers back, which must be done once. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        columns.close();
      }
    }
  }

  void write(InternalRow row) throws IOException {
    group.write(row);
    if (group.count >= nextCheck) {
      endGroupIfFull();
    }
  }

  private void endGroupIfFull() throws IOException {
    long held = group.columns.getBufferedSize();
    long row = Math.max(1, held / group.count);
    // what is left of a row group this size must not make another one of a row or two
    if (held > ParquetWriter.DEFAULT_BLOCK_SIZE - 2 * row) {
      group.finish();
      groups++;
      group = new Group(groups);
      nextCheck = LEAST_ROWS_BETWEEN_CHECKS;
    } else {
      long halfway = (group.count + ParquetWriter.DEFAULT_BLOCK_SIZE / row) / 2;
      nextCheck =
          Math.min(
              Math.max(LEAST_ROWS_BETWEEN_CHECKS, halfway), group.count + MOST_ROWS_BETWEEN_CHECKS);
    }
  }

  /** Bytes of the file so far, with those that are still held. */
  long size() throws IOException {
    return file.getPos() + group.columns.getBufferedSize() + group.rows.held();
  }

  /** Writes what is held, and the footer. */
  void finish() throws IOException {
    group.finish();
    file.end(new HashMap<>(context.getExtraMetaData()));
  }

  /** Writes nothing. */
  @Override
  public void close() {
    group.close();
    codecs.release();
  }
}
