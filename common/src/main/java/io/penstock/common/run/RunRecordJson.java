package io.penstock.common.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult.EventsResult;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunRecord.RunError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The JSON form of a run record; CONTRACT section 2, {@code run --json}. Times are ISO 8601 in UTC.
 * What a destination has not is null; {@code schemaChanges} is there where a table was changed,
 * {@code rowsSent}, {@code rowsFailed}, {@code requests} and {@code retries} for events, and {@code
 * sync} where the run was one.
 */
public final class RunRecordJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RunRecordJson() {}

  /** The record as one JSON document on one line. */
  public static String text(RunRecord run) {
    return node(run).toString();
  }

  /** The record as one JSON document in UTF-8. */
  public static byte[] bytes(RunRecord run) {
    return text(run).getBytes(StandardCharsets.UTF_8);
  }

  /** The record as a tree, to become part of another document. */
  public static ObjectNode node(RunRecord run) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("job", run.job());
    node.put("runId", run.runId());
    node.put("status", run.status().text());
    node.put("startedAt", run.startedAt().toString());
    node.put("endedAt", run.endedAt().toString());
    node.put("rowsRead", run.rowsRead());
    node.put("rowsRejected", run.rowsRejected());
    ArrayNode destinations = node.putArray("destinations");
    run.destinations().forEach(destination -> destinations.add(destination(destination)));
    run.sync().ifPresent(sync -> node.set("sync", SyncResultJson.node(sync)));
    run.error()
        .ifPresentOrElse(
            error ->
                node.putObject("error").put("code", error.code()).put("message", error.message()),
            () -> node.putNull("error"));
    return node;
  }

  private static ObjectNode destination(DestinationResult result) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("name", result.name());
    node.put("type", result.type());
    node.put("status", result.status().text());
    node.put("rows", result.rows());
    node.put("bytes", result.bytes());
    ArrayNode files = node.putArray("files");
    for (DeliveredFile file : result.files()) {
      files
          .addObject()
          .put("key", file.key())
          .put("rows", file.rows())
          .put("bytes", file.bytes())
          .put("crc32", file.crc32());
    }
    node.put("doneFile", result.doneFile().orElse(null));
    node.put("manifest", result.manifest().orElse(null));
    Optional<LoadResult> load = result.load();
    node.put("table", load.map(LoadResult::table).orElse(null));
    node.put("operation", load.map(LoadResult::operation).orElse(null));
    count(node, "rowsInserted", load.map(LoadResult::rowsInserted).orElse(OptionalLong.empty()));
    count(node, "rowsUpdated", load.map(LoadResult::rowsUpdated).orElse(OptionalLong.empty()));
    count(node, "rowsDeleted", load.map(LoadResult::rowsDeleted).orElse(OptionalLong.empty()));
    load.filter(loaded -> !loaded.schemaChanges().isEmpty())
        .ifPresent(loaded -> loaded.schemaChanges().forEach(node.putArray("schemaChanges")::add));
    result
        .events()
        .ifPresent(
            events ->
                node.put("rowsSent", events.sent())
                    .put("rowsFailed", events.failed())
                    .put("requests", events.requests())
                    .put("retries", events.retries()));
    return node;
  }

  private static void count(ObjectNode node, String key, OptionalLong value) {
    if (value.isPresent()) {
      node.put(key, value.getAsLong());
    } else {
      node.putNull(key);
    }
  }

  /**
   * Reads what {@link #bytes} wrote; keys that it does not know are left out, so that an older
   * version reads the records of a newer one.
   *
   * @throws PenstockException {@code STATE_UNREADABLE} where the text is no run record
   */
  public static RunRecord parse(byte[] json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      List<DestinationResult> destinations = new ArrayList<>();
      required(node, "destinations").forEach(each -> destinations.add(parseDestination(each)));
      return new RunRecord(
          requiredText(node, "job"),
          requiredText(node, "runId"),
          status(node),
          Instant.parse(requiredText(node, "startedAt")),
          Instant.parse(requiredText(node, "endedAt")),
          required(node, "rowsRead").asLong(),
          required(node, "rowsRejected").asLong(),
          List.copyOf(destinations),
          node.hasNonNull("sync")
              ? Optional.of(SyncResultJson.parse(node.get("sync")))
              : Optional.empty(),
          node.hasNonNull("error")
              ? Optional.of(
                  new RunError(
                      requiredText(node.get("error"), "code"),
                      requiredText(node.get("error"), "message")))
              : Optional.empty());
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw PenstockException.of(
          ErrorCode.STATE_UNREADABLE,
          "a run record cannot be read",
          "it is not a document that Penstock wrote",
          "remove it, or restore it from a copy",
          e);
    }
  }

  private static DestinationResult parseDestination(JsonNode node) {
    List<DeliveredFile> files = new ArrayList<>();
    for (JsonNode file : required(node, "files")) {
      files.add(
          new DeliveredFile(
              requiredText(file, "key"),
              required(file, "rows").asLong(),
              required(file, "bytes").asLong(),
              requiredText(file, "crc32")));
    }
    return new DestinationResult(
        requiredText(node, "name"),
        requiredText(node, "type"),
        status(node),
        required(node, "rows").asLong(),
        required(node, "bytes").asLong(),
        List.copyOf(files),
        optionalText(node, "doneFile"),
        optionalText(node, "manifest"),
        optionalText(node, "table")
            .map(
                table ->
                    new LoadResult(
                        table,
                        requiredText(node, "operation"),
                        optionalCount(node, "rowsInserted"),
                        optionalCount(node, "rowsUpdated"),
                        optionalCount(node, "rowsDeleted"),
                        texts(node.path("schemaChanges")))),
        node.hasNonNull("rowsSent")
            ? Optional.of(
                new EventsResult(
                    required(node, "rowsSent").asLong(),
                    required(node, "rowsFailed").asLong(),
                    required(node, "requests").asLong(),
                    required(node, "retries").asLong()))
            : Optional.empty());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  private static RunStatus status(JsonNode node) {
    String text = requiredText(node, "status");
    for (RunStatus status : RunStatus.values()) {
      if (status.text().equals(text)) {
        return status;
      }
    }
    throw new IllegalArgumentException("unknown status");
  }

  static JsonNode required(JsonNode node, String key) {
    if (!node.hasNonNull(key)) {
      throw new IllegalArgumentException("the key " + key + " is missing");
    }
    return node.get(key);
  }

  static String requiredText(JsonNode node, String key) {
    return required(node, key).asText();
  }

  static Optional<String> optionalText(JsonNode node, String key) {
    return node.hasNonNull(key) ? Optional.of(node.get(key).asText()) : Optional.empty();
  }

  private static OptionalLong optionalCount(JsonNode node, String key) {
    return node.hasNonNull(key) ? OptionalLong.of(node.get(key).asLong()) : OptionalLong.empty();
  }
}
