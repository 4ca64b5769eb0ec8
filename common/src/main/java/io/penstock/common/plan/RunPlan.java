package io.penstock.common.plan;

import io.penstock.common.config.JobFile;
import io.penstock.common.run.RunContext;
import java.util.List;
import java.util.Optional;

/**
 * Everything a run will do, decided before anything is touched.
 *
 * @param rejects where rejected rows go; empty unless the template rejects
 */
public record RunPlan(
    RunContext context,
    JobFile jobFile,
    Optional<DeliveryPlan> rejects,
    List<DestinationPlan> destinations) {

  /** What one destination will receive. */
  public sealed interface DestinationPlan {
    record Files(DeliveryPlan delivery) implements DestinationPlan {}

    record Table(LoadPlan load) implements DestinationPlan {}
  }
}
