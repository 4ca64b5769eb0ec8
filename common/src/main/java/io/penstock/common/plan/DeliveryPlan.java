package io.penstock.common.plan;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.PgpConfig;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.text.TextDialect;
import java.util.List;
import java.util.Optional;

/**
 * A delivery of rows as files, with every name decided.
 *
 * @param destination the name of the destination, for messages
 * @param location the prefix or directory that keys are below
 * @param fileName of an object within {@code location}, and within the directories of a group and
 *     of a partition; of the one object where the packing makes an archive
 * @param pgp empty: objects are not encrypted
 * @param grouping empty: all rows are one set of files
 * @param partitionBy columns that become Hive-style directories and leave the files
 * @param doneFile key below the location; empty: none
 * @param manifest key below the location of a COPY manifest; empty: none
 */
public record DeliveryPlan(
    String destination,
    StoreLocation location,
    FileName fileName,
    OutputFormat format,
    Packing packing,
    Optional<PgpConfig> pgp,
    Optional<Grouping> grouping,
    List<String> partitionBy,
    WriteMode mode,
    Optional<String> doneFile,
    Optional<String> manifest) {

  /** The same files of records that are finished: each is the text of the one column, on a line. */
  DeliveryPlan ofRecords() {
    return new DeliveryPlan(
        destination,
        location,
        fileName,
        new OutputFormat.Text(format.extension(), TextDialect.lines()),
        packing,
        pgp,
        Optional.empty(),
        List.of(),
        mode,
        doneFile,
        manifest);
  }

  /**
   * The same delivery once more in a run that has ended one: it replaces no file of that one where
   * none is to be replaced.
   *
   * @param number that no other delivery of the run has
   */
  public DeliveryPlan beside(long number) {
    if (mode != WriteMode.APPEND) {
      return this;
    }
    String prefix = number + "_";
    return new DeliveryPlan(
        destination,
        location,
        fileName.after(prefix),
        format,
        packing,
        pgp,
        grouping,
        partitionBy,
        mode,
        doneFile,
        manifest.map(prefix::concat));
  }

  public DeliveryPlan withMode(WriteMode changed) {
    return new DeliveryPlan(
        destination,
        location,
        fileName,
        format,
        packing,
        pgp,
        grouping,
        partitionBy,
        changed,
        doneFile,
        manifest);
  }
}
