package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import java.io.Serializable;
import java.util.List;

/**
 * What a task needs to know.
 *
 * @param destination its name, for messages
 * @param location with its credentials resolved
 */
record WriterSettings(
    String destination,
    StoreLocation location,
    DeliveryKeys keys,
    OutputFormat format,
    Encoding encoding,
    FileSchema schema,
    List<PartitionPath.Column> partitions)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public String toString() {
    return "files below " + location;
  }
}
