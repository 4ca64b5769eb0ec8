package io.penstock.sandbox.redshift.copy;

/** What the files of an UNLOAD look like. */
sealed interface UnloadFormat {

  /** CSV, or delimited text when not {@code csv}. */
  record Text(
      boolean csv,
      byte delimiter,
      boolean addQuotes,
      boolean escape,
      String nullString,
      boolean header)
      implements UnloadFormat {}

  /** One JSON object per line. */
  record Json() implements UnloadFormat {}

  /** Apache Parquet, compressed with Snappy. */
  record Parquet() implements UnloadFormat {}
}
