package io.penstock.sandbox.redshift.copy;

import org.jspecify.annotations.Nullable;

/**
 * A parsed UNLOAD.
 *
 * @param target what the names of all files begin with
 * @param maxFileBytes a file is closed when it has grown to this size
 * @param extension appended to file names after a dot; null: the format's own
 */
record UnloadStatement(
    String query,
    S3Location target,
    Authorization authorization,
    UnloadFormat format,
    Compression compression,
    Manifest manifest,
    boolean parallel,
    Existing existing,
    long maxFileBytes,
    @Nullable String extension,
    @Nullable String region) {

  enum Manifest {
    NONE,
    PLAIN,
    VERBOSE
  }

  /** What becomes of files that are already there. */
  enum Existing {
    REFUSE,
    OVERWRITE,
    DELETE
  }
}
