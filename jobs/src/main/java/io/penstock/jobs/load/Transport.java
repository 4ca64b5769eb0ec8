package io.penstock.jobs.load;

import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.store.ObjectStore;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How rows reach the stage table. */
public sealed interface Transport {

  /**
   * Files that a delivery has staged, and one COPY of their manifest.
   *
   * @param files staged by the load plan's staging delivery and not published yet
   * @param staging the location of that delivery; where staged files are removed from
   */
  record CopyTransport(StagedDelivery files, ObjectStore staging) implements Transport {}

  /**
   * The spark-redshift community connector.
   *
   * @param rows with the columns of the load, in their order
   */
  record ConnectorTransport(Dataset<Row> rows) implements Transport {}
}
