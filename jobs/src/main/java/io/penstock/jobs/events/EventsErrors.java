package io.penstock.jobs.events;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.EventsPlan;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can go wrong with events. No message holds a value of a row, or what an endpoint said. */
final class EventsErrors {
  private static final int REASONS_SHOWN = 3;

  private EventsErrors() {}

  /** Some records were not accepted. */
  static PenstockException incomplete(EventsPlan plan, long rows, Map<String, Long> failures) {
    long failed = failures.values().stream().mapToLong(Long::longValue).sum();
    return PenstockException.of(
        ErrorCode.EVENTS_INCOMPLETE,
        failed
            + " of "
            + rows
            + " rows were not accepted by destination "
            + plan.destination().name(),
        reasons(failures),
        plan.ofSync()
            ? "run again, or wait for the next sync: it sends them once more; rejects.max says how"
                + " many a run may pass over"
            : "see "
                + plan.rejects().location()
                + "; run again with the same run id, which the receiver knows records by, or raise"
                + " rejects.max");
  }

  /** The most frequent reasons, with their numbers. */
  private static String reasons(Map<String, Long> failures) {
    List<Map.Entry<String, Long>> sorted =
        failures.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .toList();
    String shown =
        sorted.stream()
            .limit(REASONS_SHOWN)
            .map(reason -> reason.getKey() + " (" + reason.getValue() + ")")
            .collect(Collectors.joining("; "));
    return sorted.size() > REASONS_SHOWN
        ? shown + "; and " + (sorted.size() - REASONS_SHOWN) + " other reasons"
        : shown;
  }

  /**
   * An endpoint that takes nothing.
   *
   * @param before how many records it took before that
   */
  static PenstockException endpointRefused(String destination, String reason, long before) {
    return PenstockException.of(
        ErrorCode.EVENTS_ENDPOINT_REFUSED,
        "destination "
            + destination
            + " takes no events"
            + (before == 0 ? "" : ", after it took " + before),
        reason,
        remedy(destination, reason));
  }

  private static String remedy(String destination, String reason) {
    String to = "destinations." + destination + ".to.http.";
    if (reason.endsWith(" 401") || reason.endsWith(" 403")) {
      return "check " + to + "write-key";
    }
    if (reason.endsWith(" 415")) {
      return "check " + to + "url, or set destinations." + destination + ".gzip = false";
    }
    return "check " + to + "url, and that this machine can reach it";
  }

  /** The keys of failed rows could not be kept. */
  static PenstockException state(String done, String destination, IOException cause) {
    return PenstockException.of(
        ErrorCode.DELIVERY_FAILED,
        "the keys of rows that were not accepted"
            + (destination.isEmpty() ? "" : " by destination " + destination)
            + " could not be "
            + done,
        "the state location answered with " + cause.getClass().getSimpleName(),
        "allow reading, writing and deleting below state, then run again with the same run id",
        cause);
  }

  /** What a task of ours threw, without the layers that Spark puts around it. */
  static Optional<PenstockException> own(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof PenstockException ours) {
        return Optional.of(
            PenstockException.of(ours.code(), ours.problem(), ours.reason(), ours.remedy()));
      }
    }
    return Optional.empty();
  }
}
