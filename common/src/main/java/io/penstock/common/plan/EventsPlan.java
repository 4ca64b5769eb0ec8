package io.penstock.common.plan;

import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.run.RunContext;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Rows as events, with every name decided.
 *
 * @param keys columns that tell the rows of a run apart; without a sync those of the identity
 * @param ofSync whether the rows are a sync's changes, with the column of their operation
 * @param files how records are written where they go to files; empty where they are sent
 * @param failed where tasks keep the keys of records that were not accepted, while the run lasts
 * @param rejects where such records are told of, where that is not up to a sync
 */
public record EventsPlan(
    RunContext run,
    EventsDestination destination,
    List<String> keys,
    boolean ofSync,
    Optional<DeliveryPlan> files,
    StoreLocation failed,
    DeliveryPlan rejects) {

  /** The same plan for the changes of a sync. */
  public EventsPlan ofSync(List<String> syncKeys) {
    return new EventsPlan(run, destination, List.copyOf(syncKeys), true, files, failed, rejects);
  }

  EventsPlan withFiles(UnaryOperator<DeliveryPlan> change) {
    return new EventsPlan(run, destination, keys, ofSync, files.map(change), failed, rejects);
  }
}
