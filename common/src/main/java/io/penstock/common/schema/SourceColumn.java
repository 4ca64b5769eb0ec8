package io.penstock.common.schema;

import java.io.Serializable;

/**
 * A column of a source in Redshift.
 *
 * @param name as Redshift has it
 * @param type what its values become; a time of day becomes text
 * @param time whether it is a time of day, which neither Spark nor a Parquet file of UNLOAD has
 */
public record SourceColumn(String name, RedshiftType type, boolean time) implements Serializable {
  /** {@code 23:59:59.999999+15:59:59}, and room to spare. */
  private static final int LONGEST_TIME = 32;

  public static SourceColumn of(String name, RedshiftType type) {
    return new SourceColumn(name, type, false);
  }

  /** A TIME or TIMETZ column. */
  public static SourceColumn ofTime(String name) {
    return new SourceColumn(name, RedshiftType.varchar(LONGEST_TIME), true);
  }
}
