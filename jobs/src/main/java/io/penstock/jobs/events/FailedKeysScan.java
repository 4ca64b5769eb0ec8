package io.penstock.jobs.events;

import io.penstock.common.config.StoreLocation;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/** Reads what {@link FailedKeys} wrote, on the executors. */
final class FailedKeysScan implements Scan, Batch {
  private final StoreLocation location;
  private final List<String> files;
  private final StructType schema;

  private FailedKeysScan(StoreLocation location, List<String> files, StructType schema) {
    this.location = location;
    this.files = files;
    this.schema = schema;
  }

  /**
   * The rows of some files.
   *
   * @param location with its credentials resolved
   * @param keys the columns of the keys, the operation among them
   */
  static Dataset<Row> rows(
      SparkSession spark, StoreLocation location, List<String> files, StructType keys) {
    FailedKeysScan scan = new FailedKeysScan(location, files, FailedKeys.schema(keys));
    return Dataset.ofRows(
        spark,
        DataSourceV2Relation.create(
            new Source(scan), Option.empty(), Option.empty(), CaseInsensitiveStringMap.empty()));
  }

  @Override
  public StructType readSchema() {
    return schema;
  }

  @Override
  public String description() {
    return "failed keys";
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return files.stream().map(File::new).toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new Factory(location, schema.size());
  }

  private record File(String key) implements InputPartition {
    private static final long serialVersionUID = 1L;
  }

  private record Source(FailedKeysScan scan) implements SupportsRead {
    @Override
    public String name() {
      return "failed keys";
    }

    /** Spark asks for it in Java's old form. */
    @Override
    @SuppressWarnings("deprecation")
    public StructType schema() {
      return scan.schema;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return () -> scan;
    }
  }

  private record Factory(StoreLocation location, int columns) implements PartitionReaderFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Reader(ObjectStores.open(location), ((File) partition).key(), columns);
    }

    @Override
    public String toString() {
      return "failed keys";
    }
  }

  private static final class Reader implements PartitionReader<InternalRow> {
    private final ObjectStore store;
    private final DataInputStream in;
    private final int columns;
    private UnsafeRow row = new UnsafeRow(0);

    Reader(ObjectStore store, String key, int columns) {
      this.store = store;
      this.columns = columns;
      try {
        this.in = new DataInputStream(new BufferedInputStream(store.open(key)));
      } catch (IOException e) {
        store.close();
        throw EventsErrors.state("read", "", e);
      }
    }

    @Override
    public boolean next() throws IOException {
      int size;
      try {
        size = in.readInt();
      } catch (EOFException end) {
        return false;
      }
      byte[] bytes = new byte[size];
      in.readFully(bytes);
      row = new UnsafeRow(columns);
      row.pointTo(bytes, size);
      return true;
    }

    @Override
    public InternalRow get() {
      return row;
    }

    @Override
    public void close() throws IOException {
      try (store) {
        in.close();
      }
    }
  }
}
