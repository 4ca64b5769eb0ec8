package io.penstock.common.plan;

import io.penstock.common.config.JobFile;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

  /** The same plan with the deliveries to files changed. */
  public RunPlan withDeliveries(UnaryOperator<DeliveryPlan> change) {
    List<DestinationPlan> changed =
        destinations.stream().map(destination -> destination.withDelivery(change)).toList();
    return new RunPlan(context, jobFile, rejects, changed);
  }

  /** What one destination will receive. */
  public sealed interface DestinationPlan {
    /** The destination's name in the job file. */
    String name();

    /** The destination's {@code type} in the job file. */
    String type();

    /** The same plan with its delivery to files changed, where it is one. */
    DestinationPlan withDelivery(UnaryOperator<DeliveryPlan> change);

    record Files(DeliveryPlan delivery) implements DestinationPlan {
      @Override
      public String name() {
        return delivery.destination();
      }

      @Override
      public String type() {
        return "s3";
      }

      @Override
      public DestinationPlan withDelivery(UnaryOperator<DeliveryPlan> change) {
        return new Files(change.apply(delivery));
      }
    }

    record Table(LoadPlan load) implements DestinationPlan {
      @Override
      public String name() {
        return load.destination().name();
      }

      @Override
      public String type() {
        return "redshift";
      }

      @Override
      public DestinationPlan withDelivery(UnaryOperator<DeliveryPlan> change) {
        return this;
      }
    }

    record Events(EventsPlan events) implements DestinationPlan {
      @Override
      public String name() {
        return events.destination().name();
      }

      @Override
      public String type() {
        return "events";
      }

      @Override
      public DestinationPlan withDelivery(UnaryOperator<DeliveryPlan> change) {
        return new Events(events.withFiles(change));
      }
    }

    /** The result of a destination to which nothing was published. */
    default DestinationResult unpublished(RunStatus status) {
      return new DestinationResult(
          name(),
          type(),
          status,
          0,
          0,
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }
}
