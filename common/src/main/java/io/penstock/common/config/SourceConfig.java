package io.penstock.common.config;

import java.util.Map;
import java.util.Optional;

/** A source; its rows are a view of its name to the query. */
public record SourceConfig(String name, SourceFormat format) {

  /** The same source, read otherwise. */
  public SourceConfig withFormat(SourceFormat other) {
    return new SourceConfig(name, other);
  }

  /** Where and how the rows lie. Paths are absolute or URIs. */
  public sealed interface SourceFormat
      permits SourceFormat.Delta, SourceFormat.Files, SourceFormat.Table, RedshiftSource {
    /**
     * @param timestamp as Delta's {@code timestampAsOf} takes it
     */
    record Delta(String path, Optional<Long> version, Optional<String> timestamp)
        implements SourceFormat {}

    /**
     * @param format {@code parquet}, {@code avro}, {@code json} or {@code csv}
     * @param schema a Spark DDL string
     * @param options of Spark's reader
     */
    record Files(String format, String path, Optional<String> schema, Map<String, String> options)
        implements SourceFormat {}

    /** A table of the Spark catalog. */
    record Table(String table) implements SourceFormat {}
  }
}
