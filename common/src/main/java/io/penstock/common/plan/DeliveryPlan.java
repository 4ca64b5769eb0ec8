package io.penstock.common.plan;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import java.util.List;
import java.util.Optional;

/**
 * A delivery of rows as files, with every name decided.
 *
 * @param destination the name of the destination, for messages
 * @param location the prefix or directory that keys are below
 * @param fileName within {@code location}, and within a partition's directories
 * @param partitionBy columns that become Hive-style directories and leave the files
 * @param doneFile key below the location; empty: none
 * @param manifest key below the location of a COPY manifest; empty: none
 */
public record DeliveryPlan(
    String destination,
    StoreLocation location,
    FileName fileName,
    OutputFormat format,
    Encoding encoding,
    List<String> partitionBy,
    WriteMode mode,
    Optional<String> doneFile,
    Optional<String> manifest) {

  public DeliveryPlan withMode(WriteMode changed) {
    return new DeliveryPlan(
        destination,
        location,
        fileName,
        format,
        encoding,
        partitionBy,
        changed,
        doneFile,
        manifest);
  }
}
