package io.penstock.jobs.load;

import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.schema.Column;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.load.Transport.ConnectorTransport;
import io.penstock.jobs.load.Transport.CopyTransport;
import io.penstock.jobs.store.ObjectStore;
import java.sql.Driver;
import java.util.List;

/**
 * Loads rows into a Redshift table: a transport fills a stage table, and one transaction applies it
 * to the target together with the ledger's row, so that a run id is applied exactly once.
 */
public final class RedshiftLoad {
  private final SecretResolver secrets;
  private final StagingKeys keys;
  private final LoadLimits limits;
  private final Driver driver;

  public RedshiftLoad(SecretResolver secrets, StagingKeys keys, LoadLimits limits) {
    this(secrets, keys, limits, new com.amazon.redshift.jdbc.Driver());
  }

  RedshiftLoad(SecretResolver secrets, StagingKeys keys, LoadLimits limits, Driver driver) {
    this.driver = driver;
    this.secrets = secrets;
    this.keys = keys;
    this.limits = limits;
  }

  /**
   * Takes the rows as far as they get without touching the target. Publishing the result applies
   * them; it reports {@code ALREADY_DONE} where an earlier attempt of the run did.
   *
   * @param columns of the rows, in their order
   * @throws PenstockException with a code {@code LOAD_…} of {@link
   *     io.penstock.common.error.ErrorCode}, {@code RECONCILIATION_MISMATCH} or {@code
   *     TARGET_HELD}; publishing throws the same
   */
  public StagedDelivery stage(LoadPlan plan, List<Column> columns, Transport transport) {
    LoadColumns.require(plan.destination(), columns);
    Database database = new Database(plan.destination(), secrets, driver);
    LoadStatements statements = new LoadStatements(plan, columns);
    LoadTransaction transaction = new LoadTransaction(database, plan, columns, limits);
    if (transport instanceof CopyTransport copy) {
      return new StagedLoad(plan, new CopyStage(plan, statements, copy, keys), transaction);
    }
    ConnectorTransport connector = (ConnectorTransport) transport;
    ConnectorStage stage = new ConnectorStage(plan, columns, database, keys);
    stage.write(connector.rows());
    return new StagedLoad(plan, stage, transaction);
  }

  /**
   * Does again what {@link StagedDelivery#finish} does, for a load that an earlier attempt of the
   * same run applied and recorded.
   *
   * @param staging the location of the load's staging delivery
   * @throws PenstockException {@code DELIVERY_FAILED}
   */
  public static void removeStaged(LoadPlan plan, ObjectStore staging) {
    if (plan.staging().isPresent() && !plan.destination().staging().keep()) {
      CopyStage.removeFiles(plan, staging);
    }
  }
}
