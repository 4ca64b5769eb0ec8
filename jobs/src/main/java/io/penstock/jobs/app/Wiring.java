package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.map.Mapped;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The parts of a run that {@link JobRunner} puts in order. */
interface Wiring {

  /** Refuses encryption keys that files could not be encrypted with, before any work. */
  void requireKeys(RunPlan plan);

  /** Reads the sources, runs the query, applies the template. Nothing is computed yet. */
  Mapped map(JobFile jobFile);

  /**
   * How the run takes part in the job's sync.
   *
   * @param known number of the last sync that is known to be done; 0: none is
   */
  Syncing sync(RunPlan plan, Mapped mapped, LongSupplier known);

  /**
   * Rows that destinations did not take and that are left to the sync: the key columns and {@link
   * io.penstock.common.sync.RowFailure#COLUMN}; to follow publishing.
   */
  List<Dataset<Row>> failedRows();

  /** What a run that may not pass over {@link #failedRows} has to fail with. */
  Optional<PenstockException> shortfall();

  StagedDelivery stageFiles(Dataset<Row> rows, DeliveryPlan delivery);

  /**
   * Stages the rows for a destination.
   *
   * @param rejectable how many rows the run may still reject; asked when a target is given them
   */
  StagedDelivery stage(DestinationPlan destination, Mapped mapped, LongSupplier rejectable);

  /**
   * Does what a run that was recorded as done could not: writes done files, removes staged files.
   *
   * @param latest whether no later run of the job has begun, whose done files these would not be
   */
  void completeFinish(DestinationPlan destination, boolean latest);

  /**
   * As {@link #completeFinish}, for a sync.
   *
   * @return its number, where there was something to do
   */
  Optional<Long> completeSync(RunPlan plan);

  /** Tells the warehouse of a failed run where it can be told; never throws. */
  void noteFailure(RunPlan plan, RunRecord failed);

  /** The failure as a user can act on it; Spark's own exceptions hold row values. */
  PenstockException translate(Throwable failure);

  /** Lets go of what {@link #map} kept for several consumers. */
  void release();
}
