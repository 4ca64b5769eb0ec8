package io.penstock.jobs.read.redshift;

import io.penstock.common.schema.SourceColumn;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Option;

/**
 * The rows of one unloaded file, read by Spark's own vectorized Parquet reader in the types that
 * the file has, which {@link ConvertedVector} turns into those of the source. Redshift does not say
 * which physical types it writes: a timestamp may be INT96 or INT64.
 */
final class UnloadedBatches implements PartitionReader<ColumnarBatch> {
  private static final String CORRECTED = "CORRECTED";
  private static final String ZONE = "UTC";
  private static final int ROWS = 4096;

  private final String source;
  private final UnloadedFile file;
  private final UnloadedFileSystem.Opened opened;
  private final VectorizedParquetRecordReader reader;
  private final ColumnarBatch batch;
  private long read;

  private UnloadedBatches(
      String source,
      UnloadedFile file,
      UnloadedFileSystem.Opened opened,
      VectorizedParquetRecordReader reader,
      ColumnarBatch batch) {
    this.source = source;
    this.file = file;
    this.opened = opened;
    this.reader = reader;
    this.batch = batch;
  }

  static UnloadedBatches open(UnloadedReaders readers, UnloadedFile file) {
    ObjectStore store = ObjectStores.open(readers.folder());
    UnloadedFileSystem.Opened opened = UnloadedFileSystem.open(store, file);
    boolean done = false;
    try {
      UnloadedBatches batches = open(readers, file, opened);
      done = true;
      return batches;
    } catch (IOException e) {
      throw ReadFailures.ofStaging(readers.source(), "read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ReadFailures.ofStaging(readers.source(), "read", new IOException(e));
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  private static UnloadedBatches open(
      UnloadedReaders readers, UnloadedFile file, UnloadedFileSystem.Opened opened)
      throws IOException, InterruptedException {
    Configuration settings = settings();
    Path path = opened.path();
    ParquetMetadata footer = footer(path, settings);
    StructType found =
        new ParquetToSparkSchemaConverter(settings).convert(footer.getFileMetaData().getSchema());
    settings.set(ParquetReadSupport.SPARK_ROW_REQUESTED_SCHEMA(), found.json());
    VectorizedParquetRecordReader reader =
        new VectorizedParquetRecordReader(null, CORRECTED, ZONE, CORRECTED, ZONE, false, ROWS);
    reader.initialize(
        new FileSplit(path, 0, file.bytes(), new String[0]),
        new TaskAttemptContextImpl(settings, new TaskAttemptID()),
        Option.apply(footer));
    reader.initBatch(new StructType(), InternalRow.empty());
    reader.enableReturningBatches();
    return new UnloadedBatches(
        readers.source(), file, opened, reader, converted(readers, found, reader.resultBatch()));
  }

  private static ParquetMetadata footer(Path path, Configuration settings) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(path, settings);
    ParquetReadOptions options =
        ParquetReadOptions.builder().withMetadataFilter(ParquetMetadataConverter.NO_FILTER).build();
    try (ParquetFileReader reader = ParquetFileReader.open(input, options)) {
      return reader.getFooter();
    }
  }

  private static Configuration settings() {
    Configuration settings = new Configuration(false);
    UnloadedFileSystem.register(settings);
    settings.set("parquet.read.support.class", ParquetReadSupport.class.getName());
    settings.setBoolean(SQLConf.PARQUET_BINARY_AS_STRING().key(), false);
    settings.setBoolean(SQLConf.PARQUET_INT96_AS_TIMESTAMP().key(), true);
    settings.setBoolean(SQLConf.PARQUET_INFER_TIMESTAMP_NTZ_ENABLED().key(), true);
    settings.setBoolean(SQLConf.LEGACY_PARQUET_NANOS_AS_LONG().key(), false);
    settings.setBoolean(SQLConf.CASE_SENSITIVE().key(), true);
    settings.setBoolean(SQLConf.NESTED_SCHEMA_PRUNING_ENABLED().key(), false);
    settings.setBoolean(SQLConf.PARQUET_FIELD_ID_READ_ENABLED().key(), false);
    settings.setBoolean(SQLConf.IGNORE_MISSING_PARQUET_FIELD_ID().key(), false);
    settings.set(SQLConf.SESSION_LOCAL_TIMEZONE().key(), ZONE);
    return settings;
  }

  /** The columns of a file are those of the SELECT, in its order. */
  private static ColumnarBatch converted(
      UnloadedReaders readers, StructType found, ColumnarBatch batch) {
    List<SourceColumn> columns = readers.columns();
    StructField[] fields = found.fields();
    if (fields.length != columns.size()) {
      throw ReadFailures.ofCounts(
          readers.source(),
          "a file has " + fields.length + " columns, and " + columns.size() + " were unloaded");
    }
    List<ColumnVector> vectors = new ArrayList<>();
    for (int i = 0; i < fields.length; i++) {
      SourceColumn column = columns.get(i);
      vectors.add(
          ConvertedVector.of(batch.column(i), fields[i].dataType(), column.type())
              .orElseThrow(() -> mismatch(readers.source(), column, found)));
    }
    return new ColumnarBatch(vectors.toArray(ColumnVector[]::new));
  }

  private static RuntimeException mismatch(String source, SourceColumn column, StructType found) {
    return ReadFailures.ofCounts(
        source,
        "column "
            + column.name()
            + " is "
            + column.type()
            + ", and a file has it among "
            + found.simpleString());
  }

  @Override
  public boolean next() {
    try {
      if (!reader.nextKeyValue()) {
        requireAll();
        return false;
      }
      int rows = reader.resultBatch().numRows();
      batch.setNumRows(rows);
      read += rows;
      return true;
    } catch (IOException e) {
      throw ReadFailures.ofStaging(source, "read", e);
    }
  }

  private void requireAll() {
    if (read != file.rows()) {
      throw ReadFailures.ofCounts(
          source, file.key() + " has " + read + " rows, and the manifest says " + file.rows());
    }
  }

  /** Valid until the next call of {@link #next}. */
  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public void close() throws IOException {
    try (opened) {
      reader.close();
    }
  }
}
