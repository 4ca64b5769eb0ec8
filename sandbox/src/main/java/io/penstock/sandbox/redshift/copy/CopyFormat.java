package io.penstock.sandbox.redshift.copy;

import org.jspecify.annotations.Nullable;

/** What the files of a COPY look like. */
sealed interface CopyFormat {

  /** Text with one character between fields; RFC 4180 quoting when {@code csv}. */
  record Delimited(boolean csv, byte delimiter, byte quote, boolean escape, boolean removeQuotes)
      implements CopyFormat {}

  /** JSON objects, one after the other. */
  record Json(Mapping mapping) implements CopyFormat {}

  /** Avro object container files. */
  record Avro(Mapping mapping) implements CopyFormat {}

  /** Apache Parquet; columns are matched by position. */
  record Parquet(boolean serializeToJson) implements CopyFormat {}

  /**
   * How names in the data find their columns.
   *
   * @param pathsFile the JSONPaths file of {@link Kind#PATHS}, otherwise null
   */
  record Mapping(Kind kind, @Nullable S3Location pathsFile) {
    enum Kind {
      AUTO,
      AUTO_IGNORE_CASE,
      NO_SHRED,
      PATHS
    }
  }
}
