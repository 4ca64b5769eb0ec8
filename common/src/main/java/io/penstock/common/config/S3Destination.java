package io.penstock.common.config;

import io.penstock.common.names.NamePattern;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files in Amazon S3 or in a local directory; CONTRACT section 4.
 *
 * @param location of the bucket without the prefix, or of the directory
 * @param prefix pattern of the key prefix below the location; the directory itself may be a pattern
 *     too, in which case it is this one
 * @param fileName empty: job name, number, format and encoding
 * @param pgp empty: files are not encrypted
 * @param rowNumberColumn first column of the files, numbering their rows from 1; empty: none
 * @param doneFile name of the done file; empty: none
 * @param changes of a sync; of no meaning without one
 */
public record S3Destination(
    String name,
    StoreLocation location,
    NamePattern prefix,
    OutputFormat format,
    Encoding encoding,
    Optional<PgpConfig> pgp,
    Optional<NamePattern> fileName,
    FileCount files,
    List<String> partitionBy,
    Optional<String> rowNumberColumn,
    WriteMode mode,
    Optional<String> doneFile,
    boolean manifest,
    Changes changes)
    implements DestinationConfig {

  /** The files that a destination writes for its receiver; empty where it writes none. */
  public static Optional<S3Destination> of(DestinationConfig destination) {
    if (destination instanceof EventsDestination events) {
      return events.files();
    }
    return destination instanceof S3Destination files ? Optional.of(files) : Optional.empty();
  }

  /** The patterns of its keys. */
  List<NamePattern> patterns() {
    return Stream.concat(Stream.of(prefix), fileName.stream()).toList();
  }

  @Override
  public String receiver() {
    return "s3 " + name + " " + location + " " + prefix;
  }

  /** The same destination elsewhere. */
  public S3Destination withLocation(StoreLocation elsewhere) {
    return new S3Destination(
        name,
        elsewhere,
        prefix,
        format,
        encoding,
        pgp,
        fileName,
        files,
        partitionBy,
        rowNumberColumn,
        mode,
        doneFile,
        manifest,
        changes);
  }

  /** How the files of a sync tell what became of a row. */
  public enum Changes {
    /** By a column. */
    TOGETHER,
    /** By their names: those of added, changed and removed rows are apart. */
    SEPARATE
  }
}
