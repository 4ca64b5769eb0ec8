package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.TableauDataSource;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.schema.TableName;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A load that also writes the table's Tableau data source, once its rows are there; in the first
 * run and in every later one, so that the file always names the table and the columns that are.
 */
final class TableauDelivery implements StagedDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(TableauDelivery.class);

  private final StagedDelivery load;
  private final RedshiftDestination destination;
  private final TableauDataSource datasource;
  private final Path file;

  TableauDelivery(
      StagedDelivery load, RedshiftDestination destination, TableauDataSource datasource) {
    this.load = load;
    this.destination = destination;
    this.datasource = datasource;
    this.file = Path.of(destination.tableau().orElseThrow().datasource());
  }

  @Override
  public long rows() {
    return load.rows();
  }

  @Override
  public DestinationResult publish() {
    DestinationResult result = load.publish();
    write(datasource.xml(loaded(result)));
    return result;
  }

  @Override
  public long rejected() {
    return load.rejected();
  }

  /** The result names {@code schema.table}. */
  private TableName loaded(DestinationResult result) {
    String schema = destination.table().name().schema();
    String table = result.load().orElseThrow().table();
    return new TableName(schema, table.substring(schema.length() + 1));
  }

  /** Replaces the file as a whole: Tableau may be reading it. */
  private void write(String xml) {
    StoreLocation.Directory folder =
        new StoreLocation.Directory(file.resolveSibling("").toString());
    try (ObjectStore store = ObjectStores.open(folder)) {
      store.put(String.valueOf(file.getFileName()), xml.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw PenstockException.of(
          ErrorCode.DELIVERY_FAILED,
          "the Tableau data source of destination " + destination.name() + " was not written",
          "the file system refuses " + file,
          "let it be written, or change tableau.datasource, and run again with the same --run-id;"
              + " the table is loaded, and is not loaded twice",
          e);
    }
    LOG.info("the Tableau data source of {} is {}", destination.name(), file);
  }

  @Override
  public void finish() {
    load.finish();
  }

  @Override
  public void cancel() {
    load.cancel();
  }

  @Override
  public void close() {
    load.close();
  }
}
