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
 * @param load of a table in Redshift
 * @param events of an event endpoint, or of files of events
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
    Optional<LoadResult> load,
    Optional<EventsResult> events) {

  /** The result of a destination without events. */
  public DestinationResult(
      String name,
      String type,
      RunStatus status,
      long rows,
      long bytes,
      List<DeliveredFile> files,
      Optional<String> doneFile,
      Optional<String> manifest,
      Optional<LoadResult> load) {
    this(name, type, status, rows, bytes, files, doneFile, manifest, load, Optional.empty());
  }

  /** The same result, of files that hold events. */
  public DestinationResult withEvents(EventsResult counted) {
    return new DestinationResult(
        name, "events", status, rows, bytes, files, doneFile, manifest, load, Optional.of(counted));
  }

  /** The same result, failed where some events were not accepted. */
  public DestinationResult withFailedEvents() {
    return events.filter(counted -> counted.failed() > 0).isEmpty()
        ? this
        : new DestinationResult(
            name, type, RunStatus.FAILED, rows, bytes, files, doneFile, manifest, load, events);
  }

  /**
   * The part of a result that only events have.
   *
   * @param sent records that were accepted
   * @param failed records that were not, in the end
   * @param requests attempts included; 0 for files
   * @param retries requests that repeated one
   */
  public record EventsResult(long sent, long failed, long requests, long retries) {}

  /**
   * The part of a result that only a table has. A count is empty where the operation makes no such
   * change.
   *
   * @param table {@code schema.name}
   * @param schemaChanges what was changed about the table's columns so that it took the rows
   */
  public record LoadResult(
      String table,
      String operation,
      OptionalLong rowsInserted,
      OptionalLong rowsUpdated,
      OptionalLong rowsDeleted,
      List<String> schemaChanges) {

    /** A result with nothing counted. */
    public static LoadResult uncounted(String table, String operation) {
      OptionalLong none = OptionalLong.empty();
      return new LoadResult(table, operation, none, none, none, List.of());
    }

    /** The same result, reporting changes of the table. */
    public LoadResult withSchemaChanges(List<String> changes) {
      return new LoadResult(
          table, operation, rowsInserted, rowsUpdated, rowsDeleted, List.copyOf(changes));
    }
  }
}
