package io.penstock.jobs.sync;

import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of rows after mapping.
 *
 * @param schema of the same columns in Spark
 */
public record MappedColumns(List<Column> columns, StructType schema) {

  /** The column that a key of {@code sync} names. */
  Column find(String name, String key) {
    return columns.stream()
        .filter(column -> Identifiers.fold(column.name()).equals(Identifiers.fold(name)))
        .findFirst()
        .orElseThrow(
            () ->
                SyncProblems.mismatch(
                    "sync." + key + " names " + name,
                    "the rows after mapping have no such column",
                    "name one of "
                        + columns.stream().map(Column::name).collect(Collectors.joining(", "))));
  }

  DataType type(String name) {
    return schema.apply(name).dataType();
  }
}
