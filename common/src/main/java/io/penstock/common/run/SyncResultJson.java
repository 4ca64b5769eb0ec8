package io.penstock.common.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.run.SyncResult.Exclusion;
import io.penstock.common.run.SyncResult.Reason;
import java.util.ArrayList;
import java.util.List;

/** The JSON form of what a sync found and sent. */
public final class SyncResultJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SyncResultJson() {}

  /** The result as a tree; {@code full} and {@code checkpoint} are null where they are empty. */
  public static ObjectNode node(SyncResult sync) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("number", sync.number())
            .put("full", sync.full().orElse(null))
            .put("inserted", sync.inserted())
            .put("updated", sync.updated())
            .put("deleted", sync.deleted())
            .put("unchanged", sync.unchanged());
    ArrayNode excluded = node.putArray("excluded");
    for (Exclusion exclusion : sync.excluded()) {
      ObjectNode one =
          excluded
              .addObject()
              .put("reason", exclusion.reason().text())
              .put("rows", exclusion.rows());
      exclusion.keys().forEach(one.putArray("keys")::add);
    }
    return node.put("failed", sync.failed()).put("checkpoint", sync.checkpoint().orElse(null));
  }

  /**
   * Reads what {@link #node} made.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static SyncResult parse(JsonNode node) {
    List<Exclusion> excluded = new ArrayList<>();
    for (JsonNode one : RunRecordJson.required(node, "excluded")) {
      List<String> keys = new ArrayList<>();
      one.path("keys").forEach(key -> keys.add(key.asText()));
      excluded.add(
          new Exclusion(
              reason(RunRecordJson.requiredText(one, "reason")),
              number(one, "rows"),
              List.copyOf(keys)));
    }
    return new SyncResult(
        number(node, "number"),
        RunRecordJson.optionalText(node, "full"),
        number(node, "inserted"),
        number(node, "updated"),
        number(node, "deleted"),
        number(node, "unchanged"),
        List.copyOf(excluded),
        number(node, "failed"),
        RunRecordJson.optionalText(node, "checkpoint"));
  }

  private static long number(JsonNode node, String key) {
    return RunRecordJson.required(node, key).asLong();
  }

  private static Reason reason(String text) {
    for (Reason reason : Reason.values()) {
      if (reason.text().equals(text)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("unknown reason");
  }
}
