package io.penstock.common.plan;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.schema.TableName;
import java.util.List;

/**
 * What a job does as one user.
 *
 * @param loads the destinations that the user writes
 * @param reads the sources that the user reads, all of them in Redshift
 * @param stateSchemas where the user keeps the state of a sync
 */
public record DatabaseUse(
    List<RedshiftDestination> loads, List<SourceConfig> reads, List<String> stateSchemas) {

  /** The tables of the sources; those of a query as far as its words tell. */
  List<TableName> readTables() {
    return reads.stream().flatMap(source -> tables(source).stream()).distinct().toList();
  }

  private static List<TableName> tables(SourceConfig source) {
    Rows rows = ((RedshiftSource) source.format()).rows();
    return rows instanceof Rows.Table table
        ? List.of(table.name())
        : QueriedTables.of(((Rows.Query) rows).sql());
  }
}
