package io.penstock.common.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.EventsDestination.Content;
import io.penstock.common.config.EventsDestination.Event;
import io.penstock.common.config.EventsDestination.Identity;
import io.penstock.common.config.EventsDestination.Sending;
import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.config.SyncConfig.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What {@code plan} prints about events, without secrets. */
final class EventsText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final EventsPlan plan;
  private final EventsDestination events;
  private final Optional<Mode> mode;

  /**
   * @param mode of the sync whose changes are sent; empty: all rows are
   */
  EventsText(EventsPlan plan, Optional<Mode> mode) {
    this.plan = plan;
    this.events = plan.destination();
    this.mode = mode;
  }

  /**
   * @param firstKey the address of the first file of a delivery
   */
  List<String> lines(Function<DeliveryPlan, String> firstKey) {
    List<String> lines = new ArrayList<>();
    lines.add("destination " + events.name() + " (events)");
    plan.files().ifPresent(files -> lines.add("  first file: " + firstKey.apply(files)));
    if (events.to() instanceof Target.Http http) {
      lines.add("  to: " + http.url() + (http.isExposed() ? ", unencrypted" : ""));
      lines.add("  batches: " + batches(events.sending()));
    }
    lines.add("  event: " + event());
    if (mirrors()) {
      lines.add("  of a row that is gone: the same, with null for every trait");
    }
    identity().forEach((key, column) -> lines.add("  " + key + ": " + column));
    events.content().timestamp().ifPresent(column -> lines.add("  timestamp: " + column));
    Content content = events.content();
    lines.add(
        content.traits().isPresent() ? "  traits" : "  traits: every column, under its own name");
    content.traits().orElse(Map.of()).forEach((key, from) -> lines.add("    " + key + ": " + from));
    content.constants().forEach((key, value) -> lines.add("    " + key + " = " + value));
    return lines;
  }

  ObjectNode json(Function<DeliveryPlan, String> firstKey) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("name", events.name()).put("type", "events");
    node.put("firstFile", plan.files().map(firstKey).orElse(null));
    node.put("url", events.to() instanceof Target.Http http ? http.url().toString() : null);
    node.put("event", event()).put("deletions", mirrors());
    identity().forEach(node.putObject("identity")::put);
    node.put("timestamp", events.content().timestamp().orElse(null));
    Optional<Map<String, String>> traits = events.content().traits();
    if (traits.isPresent()) {
      traits.get().forEach(node.putObject("traits")::put);
    } else {
      node.putNull("traits");
    }
    events.content().constants().forEach(node.putObject("constants")::put);
    Sending sending = events.sending();
    node.putObject("batch").put("rows", sending.rows()).put("bytes", sending.bytes());
    if (sending.requestsPerSecond().isPresent()) {
      node.put("requestsPerSecond", sending.requestsPerSecond().getAsInt());
    } else {
      node.putNull("requestsPerSecond");
    }
    return node.put("retries", sending.retries());
  }

  private boolean mirrors() {
    return mode.filter(Mode.MIRROR::equals).isPresent();
  }

  private String event() {
    return events.event() instanceof Event.Track track
        ? "track \"" + track.name() + "\""
        : "identify";
  }

  private Map<String, String> identity() {
    Identity identity = events.identity();
    Map<String, String> columns = new LinkedHashMap<>();
    identity.userId().ifPresent(column -> columns.put("user-id", column));
    identity.anonymousId().ifPresent(column -> columns.put("anonymous-id", column));
    identity.email().ifPresent(column -> columns.put("email", column));
    return columns;
  }

  private static String batches(Sending sending) {
    return "up to "
        + sending.rows()
        + " rows and "
        + sending.bytes() / 1000
        + " kB"
        + (sending.gzip() ? ", gzip" : "")
        + (sending.requestsPerSecond().isPresent()
            ? ", " + sending.requestsPerSecond().getAsInt() + " requests per second"
            : "")
        + ", "
        + sending.retries()
        + " retries";
  }
}
