package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.Packing;
import io.penstock.jobs.deliver.pgp.PgpEncryption;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task needs to know.
 *
 * @param destination its name, for messages
 * @param encryption null: objects are not encrypted
 * @param partitions columns that rows are separated by
 * @param grouped whether the first of them is that of the groups
 * @param joined the one object that all tasks write; null: none
 * @param location with its credentials resolved
 */
record WriterSettings(
    String destination,
    StoreLocation location,
    DeliveryKeys keys,
    OutputFormat format,
    Packing packing,
    @Nullable PgpEncryption encryption,
    FileSchema schema,
    List<PartitionPath.Column> partitions,
    boolean grouped,
    @Nullable JoinedObject joined)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Null where all rows are one set of files in one directory. */
  @Nullable PartitionPath path() {
    return partitions.isEmpty() ? null : new PartitionPath(partitions, grouped);
  }

  /** Whether the names of files tell several in one place apart. */
  boolean numbered() {
    FileName entries = packing.entries();
    return (entries == null ? keys.fileName() : entries).numbered();
  }

  boolean makesArchive() {
    return packing.entries() != null;
  }

  WriterSettings joining(JoinedObject object) {
    return new WriterSettings(
        destination,
        location,
        keys,
        format,
        packing,
        encryption,
        schema,
        partitions,
        grouped,
        object);
  }

  @Override
  public String toString() {
    return "files below " + location;
  }
}
