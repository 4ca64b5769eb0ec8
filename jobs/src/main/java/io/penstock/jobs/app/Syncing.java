package io.penstock.jobs.app;

import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.SyncResult;
import io.penstock.jobs.map.Mapped;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How a run takes part in a sync; a job without one delivers the rows as they are mapped. */
interface Syncing extends AutoCloseable {

  /** What one destination gets, and how. */
  record Given(DestinationPlan plan, Mapped rows) {}

  /** The rows that are read. */
  Mapped read();

  /** Finds out which of them are to be sent; empty where all are. */
  Optional<SyncResult> compare();

  Given give(DestinationPlan destination);

  /** Destinations may get rows from here on. */
  default void publishing() {}

  /**
   * Every destination has confirmed its delivery.
   *
   * @param failed rows that a destination did not take
   */
  default Optional<SyncResult> confirm(List<Dataset<Row>> failed) {
    return Optional.empty();
  }

  /** The run is done; the next sync starts from here. */
  default void advance() {}

  @Override
  default void close() {}

  /** No sync. */
  record None(Mapped read) implements Syncing {
    @Override
    public Optional<SyncResult> compare() {
      return Optional.empty();
    }

    @Override
    public Given give(DestinationPlan destination) {
      return new Given(destination, read);
    }
  }
}
