package io.penstock.jobs.events;

import io.penstock.common.error.PenstockException;
import io.penstock.common.run.StagedDelivery;
import java.util.Optional;

/** Records that wait to be sent, or to become visible as files. */
public interface EventsDelivery extends StagedDelivery {

  /** What was not accepted; from {@link #publish} on. */
  FailedRows failed();

  /**
   * What a run has to fail with because of {@link #failed}, where nothing else takes care of it: an
   * endpoint that takes nothing, or records that it did not take. From {@link #publish} on.
   */
  Optional<PenstockException> shortfall();
}
