package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the columns of the rows can be columns of the destination's table. Names that the query
 * decides are known here for the first time.
 */
final class LoadColumns {
  private LoadColumns() {}

  /**
   * @throws PenstockException {@code CONFIG_CONFLICT}, naming the column
   */
  static void require(RedshiftDestination destination, List<Column> columns) {
    Identifiers.problemOfColumns(columns.stream().map(Column::name).toList())
        .ifPresent(
            problem -> {
              throw conflict(
                  destination, problem, "Rename the column in the query or the template");
            });
    Map<String, List<String>> named = new LinkedHashMap<>();
    destination
        .table()
        .design()
        .columns()
        .forEach((key, names) -> named.put("table." + key, names));
    named.put("keys", destination.application().keys());
    named.forEach((key, names) -> requireAll(destination, key, names, columns));
    requireComparableKeys(destination, columns);
  }

  private static void requireAll(
      RedshiftDestination destination, String key, List<String> names, List<Column> columns) {
    List<String> folded = columns.stream().map(c -> Identifiers.fold(c.name())).toList();
    for (String name : names) {
      if (!folded.contains(Identifiers.fold(name))) {
        throw conflict(
            destination,
            key + " names " + name + ", which is no column of the rows",
            "Name one of " + String.join(", ", folded));
      }
    }
  }

  private static void requireComparableKeys(RedshiftDestination destination, List<Column> columns) {
    List<String> keys = destination.application().keys().stream().map(Identifiers::fold).toList();
    for (Column column : columns) {
      if (keys.contains(Identifiers.fold(column.name())) && !column.type().isComparable()) {
        throw conflict(
            destination,
            "key " + column.name() + " is of type " + column.type() + ", which is not compared",
            "Name keys of other types");
      }
    }
  }

  private static PenstockException conflict(
      RedshiftDestination destination, String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.CONFIG_CONFLICT,
        "The rows cannot be loaded into destination " + destination.name(),
        reason,
        remedy);
  }
}
