package io.penstock.jobs.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.run.SyncResultJson;
import io.penstock.jobs.sync.Fingerprint.Digest;
import io.penstock.jobs.sync.Fingerprint.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the syncs of a job stand. It changes in one step, so that it alone says which snapshot is
 * current.
 *
 * @param current the last sync that is known to be delivered
 * @param pending a sync after it that destinations may have got a part of
 */
record StateDocument(Optional<SyncEntry> current, Optional<SyncEntry> pending) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int FORMAT = 1;

  static final StateDocument EMPTY = new StateDocument(Optional.empty(), Optional.empty());

  /** The highest number that a sync has; 0 where there was none. */
  long lastNumber() {
    return Stream.of(current, pending)
        .flatMap(Optional::stream)
        .mapToLong(SyncEntry::number)
        .max()
        .orElse(0);
  }

  String text() {
    ObjectNode node = MAPPER.createObjectNode().put("format", FORMAT);
    node.set("current", current.map(StateDocument::node).orElse(null));
    node.set("pending", pending.map(StateDocument::node).orElse(null));
    return node.toString();
  }

  private static ObjectNode node(SyncEntry entry) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("runId", entry.runId())
            .put("confirmed", entry.confirmed())
            .put("rows", entry.rows())
            .put("open", entry.open());
    ObjectNode parts = node.putObject("fingerprint");
    entry
        .fingerprint()
        .forEach(
            (part, digest) -> {
              ObjectNode one = parts.putObject(part.key()).put("whole", digest.whole());
              digest.lines().forEach(one.putArray("lines")::add);
            });
    node.set("result", SyncResultJson.node(entry.result()));
    return node;
  }

  /**
   * @throws IllegalArgumentException where the text is no such document
   */
  static StateDocument parse(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException("not a document of this form");
      }
      return new StateDocument(entry(node.get("current")), entry(node.get("pending")));
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  private static Optional<SyncEntry> entry(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    Map<Part, Digest> fingerprint = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      JsonNode digest = node.path("fingerprint").path(part.key());
      List<String> lines = new ArrayList<>();
      digest.path("lines").forEach(line -> lines.add(line.asText()));
      fingerprint.put(part, new Digest(digest.path("whole").asText(), List.copyOf(lines)));
    }
    return Optional.of(
        new SyncEntry(
            required(node, "runId").asText(),
            required(node, "confirmed").asBoolean(),
            required(node, "rows").asLong(),
            required(node, "open").asLong(),
            fingerprint,
            SyncResultJson.parse(required(node, "result"))));
  }

  private static JsonNode required(JsonNode node, String key) {
    if (!node.hasNonNull(key)) {
      throw new IllegalArgumentException("the key " + key + " is missing");
    }
    return node.get(key);
  }
}
