package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.Write;
import java.util.List;

/**
 * What a load does to its table.
 *
 * @param keys columns that identify a row; empty unless the write uses keys
 * @param preSql statements before the rows are applied, in the load's transaction
 * @param postSql statements after the rows are applied, in the load's transaction
 */
public record Application(
    Operation operation,
    Write write,
    List<String> keys,
    SchemaChange schemaChange,
    List<String> preSql,
    List<String> postSql) {

  /** Which table the rows go to. */
  public enum Operation {
    /** The named table, which the first run creates. */
    UPDATE,
    /** A table of the run's own, whose name is the given one with a number. */
    CREATE_NEW
  }

  /** What becomes of a table that lacks columns or has narrower ones. */
  public enum SchemaChange {
    FAIL,
    ADD_COLUMNS
  }
}
