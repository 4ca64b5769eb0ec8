package io.penstock.jobs.events;

import io.penstock.common.error.PenstockException;
import io.penstock.common.run.StagedDelivery;
import java.util.Optional;

/** Records that wait to be sent, or to become visible as files. */
public interface EventsDelivery extends StagedDelivery {

  /** What was not accepted; from {@link #publish} on. */
  FailedRows failed();

  /**
   * What a run that may not pass over {@link #failed} has to fail with; from {@link #publish} on.
   */
  Optional<PenstockException> shortfall();
}
