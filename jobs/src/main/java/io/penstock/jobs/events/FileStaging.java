package io.penstock.jobs.events;

import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.run.StagedDelivery;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes rows as files that are not visible yet. */
@FunctionalInterface
public interface FileStaging {
  StagedDelivery stage(Dataset<Row> rows, DeliveryPlan plan);
}
