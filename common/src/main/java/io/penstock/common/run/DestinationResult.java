package io.penstock.common.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one destination received; CONTRACT section 2, {@code run --json}.
 *
 * @param type {@code s3}, {@code redshift} or {@code events}
 * @param doneFile key of the done file, where one was asked for
 * @param manifest key of the manifest, where one was asked for
 * @param table of a Redshift load, {@code schema.name}
 * @param operation of a Redshift load: {@code append}, {@code overwrite} …
 */
public record DestinationResult(
    String name,
    String type,
    RunStatus status,
    long rows,
    long bytes,
    List<DeliveredFile> files,
    Optional<String> doneFile,
    Optional<String> manifest,
    Optional<LoadResult> load) {

  /** The part of a result that only a table has. */
  public record LoadResult(
      String table,
      String operation,
      OptionalLong rowsInserted,
      OptionalLong rowsUpdated,
      OptionalLong rowsDeleted) {}
}
