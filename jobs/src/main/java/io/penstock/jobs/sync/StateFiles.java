package io.penstock.jobs.sync;

import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.run.StagedDelivery;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes rows as files that are not visible yet. */
@FunctionalInterface
public interface StateFiles {
  StagedDelivery stage(Dataset<Row> rows, DeliveryPlan plan);
}
