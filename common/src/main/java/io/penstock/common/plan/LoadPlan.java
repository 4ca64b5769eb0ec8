package io.penstock.common.plan;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.run.RunContext;
import io.penstock.common.schema.TableName;
import io.penstock.common.sync.RowOperation;
import java.util.Optional;

/**
 * A load into a Redshift table, with every name decided; SQL that depends on the mapped columns is
 * made from it by {@code LoadStatements}.
 *
 * @param stageTable the table that COPY fills, in the state schema
 * @param staging how the rows are staged; empty where the transport stages them itself
 * @param refused empty: a row that COPY refuses fails the load
 * @param deletesByOperation whether the rows are changes of a sync, of which the stage keeps a
 *     column {@link RowOperation#COLUMN}: a mirror then deletes the rows that it says are gone, and
 *     not those that the stage lacks
 */
public record LoadPlan(
    RunContext run,
    RedshiftDestination destination,
    TableName stageTable,
    Optional<DeliveryPlan> staging,
    Optional<RefusedRows> refused,
    boolean deletesByOperation) {

  /** The same load into another table. */
  public LoadPlan into(TableName table) {
    return new LoadPlan(
        run, destination.withTable(table), stageTable, staging, refused, deletesByOperation);
  }

  /**
   * The same load as one attempt of a sync. What it applies may differ from what an earlier attempt
   * of the run did, so the ledger has to know them apart.
   */
  public LoadPlan ofAttempt(long sync) {
    RunContext attempt =
        new RunContext(run.job(), LedgerStatements.runId(run, sync), run.now(), run.principal());
    return new LoadPlan(attempt, destination, stageTable, staging, refused, deletesByOperation);
  }

  /** What the load is called in results and in the ledger. */
  public String operation() {
    return LedgerStatements.operation(destination.application());
  }
}
