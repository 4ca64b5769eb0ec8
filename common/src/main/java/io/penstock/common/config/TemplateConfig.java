package io.penstock.common.config;

import io.penstock.common.schema.RedshiftType;
import java.util.List;
import java.util.Optional;

/** The data template: which columns a receiver gets, under which names and types. */
public record TemplateConfig(List<Entry> columns, Unmapped unmapped, BadValue onBadValue) {

  /**
   * One column of the result.
   *
   * @param type empty: the type that the source has
   */
  public record Entry(
      String name, Origin origin, Optional<RedshiftType> type, boolean pii, boolean nullable) {}

  /** Where a column's values come from. */
  public sealed interface Origin {
    /** A column of the query, by name. */
    record From(String column) implements Origin {}

    /** A Spark SQL expression over the query's columns. */
    record Expression(String sql) implements Origin {}

    /** A constant. */
    record Value(String text) implements Origin {}
  }

  /** What becomes of query columns that no entry names. */
  public enum Unmapped {
    DROP,
    KEEP,
    FAIL
  }

  /** What a value that does not fit does to the run or the row. */
  public enum BadValue {
    FAIL,
    NULL,
    REJECT
  }
}
