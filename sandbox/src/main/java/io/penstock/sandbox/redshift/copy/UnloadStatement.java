package io.penstock.sandbox.redshift.copy;

import org.jspecify.annotations.Nullable;

/**
 * A parsed UNLOAD.
 *
 * @param target what the names of all files begin with
 * @param maxFileBytes a file is closed when it has grown to this size
 * @param kmsKey what objects are encrypted with; null: Amazon S3's own keys
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
    @Nullable String region,
    @Nullable String kmsKey) {

  /** The name of a slice's file, after that of the target. */
  String fileName(int slice, int part) {
    String base = parallel ? "%04d_part_%02d".formatted(slice, part) : "%03d".formatted(part);
    if (extension != null) {
      return base + "." + extension;
    }
    return format instanceof UnloadFormat.Parquet
        ? base + ".parquet"
        : base + compression.extension();
  }

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
