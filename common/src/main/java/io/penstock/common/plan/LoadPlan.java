package io.penstock.common.plan;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.run.RunContext;
import io.penstock.common.schema.TableName;
import java.util.Optional;

/**
 * A load into a Redshift table, with every name decided; SQL that depends on the mapped columns is
 * made from it by {@code LoadStatements}.
 *
 * @param stageTable the table that COPY fills, in the state schema
 * @param staging how the rows are staged; empty where the transport stages them itself
 * @param refused empty: a row that COPY refuses fails the load
 */
public record LoadPlan(
    RunContext run,
    RedshiftDestination destination,
    TableName stageTable,
    Optional<DeliveryPlan> staging,
    Optional<RefusedRows> refused) {

  /** The same load into another table. */
  public LoadPlan into(TableName table) {
    return new LoadPlan(run, destination.withTable(table), stageTable, staging, refused);
  }

  /** What the load is called in results and in the ledger. */
  public String operation() {
    return LedgerStatements.operation(destination.application());
  }
}
