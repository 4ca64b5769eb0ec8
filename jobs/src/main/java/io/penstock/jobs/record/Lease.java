package io.penstock.jobs.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
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
  private static final Duration RENEWAL = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofSeconds(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectStore state;
  private final String key;
  private final String holder = UUID.randomUUID().toString();
  private final String runId;
  private final ScheduledExecutorService renewals;
  private long renewal;

  private Lease(ObjectStore state, String key, String runId) {
    this.state = state;
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
    Lease lease = new Lease(state, key, runId);
    Optional<byte[]> seen = Optional.empty();
    long unchangedSince = System.nanoTime();
    while (true) {
      if (state.putIfAbsent(key, lease.document())) {
        lease.keepRenewing();
        return lease;
      }
      Optional<byte[]> now = state.read(key);
      boolean changed = !text(now).equals(text(seen));
      if (changed && seen.isPresent() && now.isPresent()) {
        lease.renewals.shutdownNow();
        throw RunLock.held(job, "run " + field(now, "runId") + " renews its lease");
      }
      if (changed) {
        seen = now;
        unchangedSince = System.nanoTime();
      } else if (System.nanoTime() - unchangedSince > EXPIRY.toNanos()) {
        state.delete(List.of(key));
      }
      pause();
    }
  }

  private void keepRenewing() {
    renewals.scheduleWithFixedDelay(
        this::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
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
    return document
        .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
        .orElse("");
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock", interrupted);
    }
  }
}
