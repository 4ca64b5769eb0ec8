package io.penstock.jobs.load;

import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.store.ObjectStore;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How rows reach the stage table. */
public sealed interface Transport {

  /**
   * Files that a delivery has staged, and one COPY of their manifest.
   *
   * @param files staged by the load plan's staging delivery and not published yet
   * @param staging the location of that delivery; where staged files are removed from
   * @param setAside present where the plan says where rows go that COPY refuses
   */
  record CopyTransport(StagedDelivery files, ObjectStore staging, Optional<SetAside> setAside)
      implements Transport {}

  /**
   * What becomes of rows that COPY refuses.
   *
   * @param rejects the location that the plan names
   * @param rejectable how many rows the run may still reject; asked when COPY is sent
   */
  record SetAside(ObjectStore rejects, LongSupplier rejectable) {}

  /**
   * The spark-redshift community connector.
   *
   * @param rows with the columns of the load, in their order
   */
  record ConnectorTransport(Dataset<Row> rows) implements Transport {}
}
