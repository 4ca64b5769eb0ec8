package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.plan.TableauDataSource;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.schema.Column;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.load.Transport.ConnectorTransport;
import io.penstock.jobs.load.Transport.CopyTransport;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.StagingKeys;
import io.penstock.jobs.store.ObjectStore;
import java.sql.Driver;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads rows into a Redshift table: a transport fills a stage table, and one transaction applies it
 * to the target together with the ledger's row, so that a run id is applied exactly once.
 */
public final class RedshiftLoad {
  private static final Logger LOG = LoggerFactory.getLogger(RedshiftLoad.class);

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
   *     TARGET_HELD}; publishing throws the same, and {@code DELIVERY_FAILED} where the rows are
   *     loaded and their Tableau data source cannot be written
   */
  public StagedDelivery stage(LoadPlan plan, List<Column> columns, Transport transport) {
    RedshiftDestination destination = plan.destination();
    warnOfWeakTls(destination);
    LoadColumns.require(destination, columns);
    Optional<TableauDataSource> datasource =
        destination.tableau().map(tableau -> new TableauDataSource(destination, columns));
    StagedLoad load = load(plan, columns, transport);
    return datasource
        .<StagedDelivery>map(found -> new TableauDelivery(load, destination, found))
        .orElse(load);
  }

  private StagedLoad load(LoadPlan plan, List<Column> columns, Transport transport) {
    Database database = LoadDatabase.of(plan.destination(), secrets, driver);
    LoadStatements statements = new LoadStatements(plan, columns);
    LoadTransaction transaction = new LoadTransaction(database, plan, columns, limits);
    if (transport instanceof CopyTransport copy) {
      Optional<RefusedRowsFile> refused =
          plan.refused()
              .flatMap(
                  target ->
                      copy.setAside()
                          .map(
                              aside ->
                                  new RefusedRowsFile(
                                      plan,
                                      target,
                                      columns,
                                      new ErrorTables(database, limits.firstPause()),
                                      copy,
                                      aside)));
      return new StagedLoad(
          plan, new CopyStage(plan, statements, copy, keys, refused), transaction);
    }
    ConnectorTransport connector = (ConnectorTransport) transport;
    ConnectorStage stage = new ConnectorStage(plan, columns, database, keys);
    stage.write(connector.rows());
    return new StagedLoad(plan, stage, transaction);
  }

  /** Said once in a run, by whom it was asked for; a stand-in for tests is nobody's warehouse. */
  private static void warnOfWeakTls(RedshiftDestination destination) {
    TlsMode mode = destination.connection().tls().mode();
    if (!mode.isVerified() && destination.connection().endpointOverride().isEmpty()) {
      LOG.warn(
          "connection.tls.mode = {} of destination {}: {}",
          mode.name().toLowerCase(Locale.ROOT),
          destination.name(),
          mode == TlsMode.REQUIRE
              ? "the server is not checked; anybody between may read and answer"
              : "passwords and rows travel in clear text");
    }
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
