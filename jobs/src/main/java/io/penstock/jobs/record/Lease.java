package io.penstock.jobs.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A lock as an object: created only where none exists ({@code If-None-Match: *}), renewed while its
 * holder lives. A contender watches it for {@link #EXPIRY} by its own clock, so that clocks need
 * not agree.
 */
final class Lease implements RunLock {
  static final Duration EXPIRY = Duration.ofSeconds(60);
  private static final Timing STANDARD =
      new Timing(EXPIRY, Duration.ofSeconds(15), Duration.ofSeconds(3));
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param expiry after which a lease that is not renewed may be taken
   * @param renewal between two renewals of a holder
   * @param poll between two looks of a contender
   */
  record Timing(Duration expiry, Duration renewal, Duration poll) {}

  private final ObjectStore state;
  private final Timing timing;
  private final String key;
  private final String holder = UUID.randomUUID().toString();
  private final String runId;
  private final ScheduledExecutorService renewals;
  private long renewal;

  private Lease(ObjectStore state, String key, String runId, Timing timing) {
    this.state = state;
    this.timing = timing;
    this.key = key;
    this.runId = runId;
    this.renewals =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "penstock-lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  static Lease acquire(ObjectStore state, String key, String job, String runId) throws IOException {
    return acquire(state, key, job, runId, STANDARD);
  }

  static Lease acquire(ObjectStore state, String key, String job, String runId, Timing timing)
      throws IOException {
    Lease lease = new Lease(state, key, runId, timing);
    try {
      lease.contend(job);
      lease.keepRenewing();
      return lease;
    } catch (IOException | RuntimeException failure) {
      lease.renewals.shutdownNow();
      throw failure;
    }
  }

  private void contend(String job) throws IOException {
    Optional<byte[]> seen = Optional.empty();
    long unchangedSince = System.nanoTime();
    boolean expired = false;
    while (true) {
      if (state.putIfAbsent(key, document()) && isSettled(expired)) {
        return;
      }
      Optional<byte[]> now = state.read(key);
      boolean changed = !text(now).equals(text(seen));
      if (changed && seen.isPresent() && now.isPresent()) {
        throw RunLock.held(job, "run " + field(now, "runId") + " renews its lease");
      }
      if (changed) {
        seen = now;
        unchangedSince = System.nanoTime();
      } else if (System.nanoTime() - unchangedSince > timing.expiry().toNanos()) {
        expired = true;
        state.delete(List.of(key));
        continue;
      }
      pause();
    }
  }

  /**
   * Whether a lease that was just taken stays. Two contenders may find the same lease expired, and
   * the slower one then deletes what the faster one has put in its place.
   */
  private boolean isSettled(boolean afterExpiry) throws IOException {
    if (!afterExpiry) {
      return true;
    }
    pause();
    return holder.equals(field(state.read(key), "holder"));
  }

  private void keepRenewing() {
    long millis = timing.renewal().toMillis();
    renewals.scheduleWithFixedDelay(this::renew, millis, millis, TimeUnit.MILLISECONDS);
  }

  private synchronized void renew() {
    try {
      if (holder.equals(field(state.read(key), "holder"))) {
        renewal++;
        state.put(key, document());
      }
    } catch (IOException unreachable) {
      // the next renewal tries again; the lease outlives several missed ones
    }
  }

  @Override
  public synchronized void close() {
    renewals.shutdownNow();
    try {
      if (holder.equals(field(state.read(key), "holder"))) {
        state.delete(List.of(key));
      }
    } catch (IOException unreachable) {
      // it expires
    }
  }

  private byte[] document() throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("holder", holder).put("runId", runId).put("renewal", renewal);
    return JSON.writeValueAsBytes(node);
  }

  private static String field(Optional<byte[]> document, String name) throws IOException {
    JsonNode node = document.isPresent() ? JSON.readTree(document.get()) : JSON.nullNode();
    return node.path(name).asText();
  }

  private static String text(Optional<byte[]> document) {
    return document.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
  }

  private void pause() throws IOException {
    try {
      Thread.sleep(timing.poll().toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock", interrupted);
    }
  }
}
