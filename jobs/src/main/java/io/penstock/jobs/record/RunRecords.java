package io.penstock.jobs.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecordJson;
import io.penstock.common.run.RunStatus;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Run records at the state location, one folder for each run: {@code runs/<job>/<run-id>/}.
 *
 * <ul>
 *   <li>{@code started.json}: the instant that every attempt of the run id calls now;
 *   <li>{@code publishing.json}: from here on targets may hold rows of this run;
 *   <li>{@code result.json}: the {@link RunRecord};
 *   <li>{@code finished.json}: the done files are written too.
 * </ul>
 *
 * Beside them {@code syncs/<job>.json} has the number of the last sync that is done.
 */
public final class RunRecords {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectStore state;
  private final String job;

  public RunRecords(ObjectStore state, String job) {
    this.state = state;
    this.job = job;
  }

  /** Records the first attempt's instant, or returns the one that was recorded before. */
  public Instant startOf(String runId, Instant now) {
    String key = key(runId, "started.json");
    try {
      if (state.putIfAbsent(key, document(Map.of("now", now.toString())))) {
        return now;
      }
      byte[] recorded = state.read(key).orElseThrow(() -> unreadable(key));
      return Instant.parse(JSON.readTree(recorded).path("now").asText());
    } catch (IOException | java.time.DateTimeException failure) {
      throw unreadable(key, failure);
    }
  }

  /** Records that targets may be changed from now on. */
  public void publishing(String runId) {
    put(key(runId, "publishing.json"), document(Map.of("at", Instant.now().toString())));
  }

  /** Whether an earlier attempt of this run id may have changed its targets. */
  public boolean wasPublishing(String runId) {
    return exists(key(runId, "publishing.json"));
  }

  public void record(RunRecord run) {
    put(key(run.runId(), "result.json"), RunRecordJson.bytes(run));
  }

  public void finished(String runId) {
    put(key(runId, "finished.json"), document(Map.of("at", Instant.now().toString())));
  }

  public boolean isFinished(String runId) {
    return exists(key(runId, "finished.json"));
  }

  /** The record of a run that succeeded. */
  public Optional<RunRecord> succeeded(String runId) {
    return read(key(runId, "result.json")).filter(run -> run.status() == RunStatus.SUCCEEDED);
  }

  /** The number of the last sync that is done; 0 where none is known to be. */
  public long lastSync() {
    String key = lastSyncKey();
    try {
      Optional<byte[]> recorded = state.read(key);
      return recorded.isEmpty() ? 0 : number(JSON.readTree(recorded.get()), key);
    } catch (IOException failure) {
      throw unreadable(key, failure);
    }
  }

  private long number(JsonNode document, String key) {
    if (!document.path("number").asText().matches("\\d{1,18}")) {
      throw unreadable(key, new IOException("it is not a document that Penstock wrote"));
    }
    return document.path("number").asLong();
  }

  /** Records that a sync is done, by which a state that is lost later is known to be. */
  public void synced(long number) {
    put(lastSyncKey(), document(Map.of("number", Long.toString(number))));
  }

  private String lastSyncKey() {
    return "syncs/" + job + ".json";
  }

  /** Whether no other run of the job was first started after this one. */
  public boolean isLatest(String runId) {
    Instant start = startOf(runId, Instant.now());
    return startedRuns().stream()
        .filter(other -> !other.equals(runId))
        .noneMatch(other -> startOf(other, start).isAfter(start));
  }

  /** Earlier runs, newest first. */
  public List<RunRecord> history() {
    List<RunRecord> runs = new ArrayList<>();
    for (String key : keys()) {
      if (key.endsWith("/result.json")) {
        read(key).ifPresent(runs::add);
      }
    }
    runs.sort(Comparator.comparing(RunRecord::startedAt).reversed());
    return runs;
  }

  private List<String> startedRuns() {
    return keys().stream()
        .filter(key -> key.endsWith("/started.json"))
        .map(key -> key.split("/", -1)[2])
        .toList();
  }

  private List<String> keys() {
    try {
      return state.list("runs/" + job + "/").stream().map(ObjectStore.StoredObject::key).toList();
    } catch (IOException failure) {
      throw unreadable("runs/" + job, failure);
    }
  }

  private boolean exists(String key) {
    try {
      return state.read(key).isPresent();
    } catch (IOException failure) {
      throw unreadable(key, failure);
    }
  }

  private Optional<RunRecord> read(String key) {
    try {
      return state.read(key).map(RunRecordJson::parse);
    } catch (IOException failure) {
      throw unreadable(key, failure);
    } catch (PenstockException damaged) {
      throw unreadable(key, new IOException(damaged.reason(), damaged));
    }
  }

  private void put(String key, byte[] content) {
    try {
      state.put(key, content);
    } catch (IOException failure) {
      throw PenstockException.of(
          ErrorCode.STATE_UNREADABLE,
          "the run record " + state.address(key) + " could not be written",
          String.valueOf(failure.getMessage()),
          "make the location that the key 'state' names writable",
          failure);
    }
  }

  private PenstockException unreadable(String key) {
    return unreadable(key, new IOException("it disappeared while it was read"));
  }

  private PenstockException unreadable(String key, Exception failure) {
    return PenstockException.of(
        ErrorCode.STATE_UNREADABLE,
        "the run record " + state.address(key) + " could not be read",
        String.valueOf(failure.getMessage()),
        "make the location that the key 'state' names readable, or move the record away",
        failure);
  }

  private String key(String runId, String name) {
    return "runs/" + job + "/" + runId + "/" + name;
  }

  private static byte[] document(Map<String, String> fields) {
    try {
      JsonNode node = JSON.valueToTree(fields);
      return JSON.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
