package io.penstock.jobs.events;

import io.penstock.jobs.events.Answer.Meaning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends the batches of one task, one after the other. A batch is repeated as it is, with the same
 * message ids, while the endpoint is not available; one that holds records that are refused is sent
 * in halves until those stand alone. A batch that fails for good fails alone; after some of them in
 * a row the endpoint counts as down and the rest is not sent.
 */
final class BatchSender {
  private static final double LEAST_SHARE = 0.5;

  private final Endpoint endpoint;
  private final Pace pace;
  private final Pauses pauses;
  private final int retries;
  private final boolean gzip;
  private final EventsLimits limits;
  private final Outcome outcome;
  private long requests;
  private long repeated;
  private int failedInRow;
  private long restsUntil = System.nanoTime();
  private @Nullable String stopped;
  private @Nullable String refusal;

  BatchSender(
      Endpoint endpoint,
      Pace pace,
      Pauses pauses,
      int retries,
      boolean gzip,
      EventsLimits limits,
      Outcome outcome) {
    this.endpoint = endpoint;
    this.pace = pace;
    this.pauses = pauses;
    this.retries = retries;
    this.gzip = gzip;
    this.limits = limits;
    this.outcome = outcome;
  }

  /** Requests so far. */
  long requests() {
    return requests;
  }

  /** Those of {@link #requests} that repeated one. */
  long repeated() {
    return repeated;
  }

  /** Why the endpoint takes no records at all; empty where it does. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  void send(List<PendingEvent> events) throws InterruptedException {
    String reason = stopped;
    if (reason != null) {
      outcome.failed(events, reason);
      return;
    }
    byte[] body =
        BatchBody.of(events.stream().map(PendingEvent::record).toList(), Instant.now(), gzip);
    Answer answer = deliver(body);
    switch (answer.meaning()) {
      case ACCEPTED -> {
        failedInRow = 0;
        outcome.accepted(events, body.length);
      }
      case RECORDS_REFUSED -> {
        failedInRow = 0;
        refused(events, answer.reason());
      }
      case ENDPOINT_REFUSED -> {
        refusal = answer.reason();
        stopped = answer.reason();
        outcome.failed(events, answer.reason());
      }
      case UNAVAILABLE -> {
        failedInRow++;
        if (failedInRow >= limits.down()) {
          stopped = "not sent: the endpoint is down";
        }
        outcome.failed(events, answer.reason());
      }
    }
  }

  /** In order: the first half is through before the second is tried. */
  private void refused(List<PendingEvent> events, String reason) throws InterruptedException {
    int half = events.size() / 2;
    if (half == 0) {
      outcome.failed(events, reason);
    } else {
      send(events.subList(0, half));
      send(events.subList(half, events.size()));
    }
  }

  /** Once a batch has failed for good, the next is tried once: it shows whether that is over. */
  private Answer deliver(byte[] body) throws InterruptedException {
    int most = failedInRow == 0 ? retries : 0;
    for (int attempt = 0; ; attempt++) {
      pauses.until(restsUntil);
      pace.await();
      requests++;
      Answer answer = endpoint.post(body);
      answer.retryAfter().ifPresent(this::heed);
      if (answer.meaning() != Meaning.UNAVAILABLE || attempt == most || stopped != null) {
        return answer;
      }
      pauses.pause(pause(attempt));
      repeated++;
    }
  }

  /** What the endpoint asks for holds for the next batch as well as for this one. */
  private void heed(Duration asked) {
    if (asked.compareTo(limits.longestWait()) > 0) {
      stopped = "not sent: the endpoint asks for a pause that is too long";
    } else {
      restsUntil = System.nanoTime() + asked.toNanos();
    }
  }

  /** Tasks that failed together do not come back together. */
  private Duration pause(int attempt) {
    long first = limits.firstPause().toMillis();
    long doubled = attempt < Integer.SIZE ? first << attempt : Long.MAX_VALUE;
    long most = Math.min(doubled, limits.longestPause().toMillis());
    double share = LEAST_SHARE + (1 - LEAST_SHARE) * ThreadLocalRandom.current().nextDouble();
    return Duration.ofMillis((long) (most * share));
  }
}
