package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.map.Mapped;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The parts of a run that {@link JobRunner} puts in order. */
interface Wiring {

  /** Reads the sources, runs the query, applies the template. Nothing is computed yet. */
  Mapped map(JobFile jobFile);

  StagedDelivery stageFiles(Dataset<Row> rows, DeliveryPlan delivery);

  StagedDelivery stage(DestinationPlan destination, Mapped mapped);

  /** Writes the done file of a destination whose run was recorded before it could. */
  void completeFinish(DestinationPlan destination);

  /** The failure as a user can act on it; Spark's own exceptions hold row values. */
  PenstockException translate(Throwable failure);

  /** Lets go of what {@link #map} kept for several consumers. */
  void release();
}
