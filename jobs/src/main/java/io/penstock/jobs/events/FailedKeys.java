package io.penstock.jobs.events;

import io.penstock.common.sync.RowFailure;
import io.penstock.jobs.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows of one task that were not accepted, in objects of the run's state: rows in
 * Spark's own binary form, each after its length. Names are no other attempt's, and only those that
 * the attempt's tally names are read.
 */
final class FailedKeys {
  static final String REASON = RowFailure.COLUMN;
  private static final int OBJECT_BYTES = 4 << 20;

  private final ObjectStore store;
  private final StructType keys;
  private final UnsafeProjection projection;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final List<String> files = new ArrayList<>();
  private final Map<String, Long> reasons = new TreeMap<>();

  /**
   * @param keys the columns of the keys, the operation among them
   */
  FailedKeys(ObjectStore store, StructType keys) {
    this.store = store;
    this.keys = keys;
    this.projection = UnsafeProjection.create(schema(keys));
  }

  /** The columns that are kept: the keys, and the reason. */
  static StructType schema(StructType keys) {
    return keys.add(REASON, DataTypes.StringType, false);
  }

  void add(InternalRow key, String reason) {
    StructField[] fields = keys.fields();
    @Nullable Object[] values = new @Nullable Object[fields.length + 1];
    for (int i = 0; i < fields.length; i++) {
      values[i] = key.isNullAt(i) ? null : key.get(i, fields[i].dataType());
    }
    values[fields.length] = UTF8String.fromString(reason);
    UnsafeRow row = projection.apply(new GenericInternalRow(values));
    try {
      out.writeInt(row.getSizeInBytes());
      row.writeToStream(out, null);
      reasons.merge(reason, 1L, Long::sum);
      if (bytes.size() >= OBJECT_BYTES) {
        put();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void put() throws IOException {
    out.flush();
    String key = UUID.randomUUID() + ".rows";
    store.put(key, bytes.toByteArray());
    files.add(key);
    bytes.reset();
  }

  /** Writes what is left; the objects, in order. */
  List<String> complete() throws IOException {
    if (bytes.size() > 0) {
      put();
    }
    return List.copyOf(files);
  }

  /** How many rows were added, by reason. */
  Map<String, Long> reasons() {
    return new TreeMap<>(reasons);
  }
}
