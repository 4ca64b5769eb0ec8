package io.penstock.common.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A job that sends what has changed since its last run; CONTRACT section 6.
 *
 * @param keys columns of the rows after mapping that identify a row
 * @param cursor empty: every row is read and compared
 */
public record SyncConfig(
    Mode mode, List<String> keys, Optional<Cursor> cursor, StateLocation state) {

  /** Which rows are sent. */
  public enum Mode {
    /** All of them, each time. */
    FULL,
    /** Those that are new or differ. */
    UPSERT,
    /** Those that are new or differ, and the keys of those that are gone. */
    MIRROR;

    /** Whether destinations get changes instead of all rows. */
    public boolean sendsChanges() {
      return this != FULL;
    }
  }

  /**
   * A column that grows with each change of a row.
   *
   * @param column of the rows after mapping
   * @param lag how far before the checkpoint rows are read again
   */
  public record Cursor(String column, Duration lag) {}

  /** Where the state of the sync is kept. */
  public sealed interface StateLocation {
    /** Delta tables below a path. */
    record Path(StoreLocation location) implements StateLocation {
      @Override
      public String toString() {
        return location.toString();
      }
    }

    /** Tables in a schema of the source's Redshift. */
    record Schema(String name) implements StateLocation {
      @Override
      public String toString() {
        return "schema " + name;
      }
    }
  }
}
