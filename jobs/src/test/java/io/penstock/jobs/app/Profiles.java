package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * What a receiver knows of its users: it drops messages that it has got before, and forgets whoever
 * has lost every trait. That one message says two things is held against the sender.
 */
final class Profiles {
  private static final List<String> TIMES = List.of("sentAt", "timestamp", "originalTimestamp");

  private final Map<String, JsonNode> messages = new HashMap<>();
  private final Map<String, JsonNode> users = new TreeMap<>();
  private int duplicates;

  /** Of records in the order of their arrival. */
  static Profiles of(List<JsonNode> records) {
    Profiles profiles = new Profiles();
    records.forEach(profiles::take);
    return profiles;
  }

  private void take(JsonNode record) {
    ObjectNode said = record.deepCopy();
    said.remove(TIMES);
    JsonNode earlier = messages.putIfAbsent(id(record), said);
    if (earlier != null) {
      assertThat(said).as("what message %s says", id(record)).isEqualTo(earlier);
      duplicates++;
    } else if (isForgotten(record)) {
      users.remove(user(record));
    } else {
      users.put(user(record), record.path("traits"));
    }
  }

  static String id(JsonNode record) {
    return record.path("messageId").asText();
  }

  static String user(JsonNode record) {
    return record.path("userId").asText();
  }

  private static boolean isForgotten(JsonNode record) {
    return StreamSupport.stream(record.path("traits").spliterator(), false)
        .allMatch(JsonNode::isNull);
  }

  /** The value of a trait by user. */
  Map<String, String> trait(String key) {
    Map<String, String> values = new TreeMap<>();
    users.forEach((user, traits) -> values.put(user, traits.path(key).asText()));
    return values;
  }

  /** How many messages came again. */
  int duplicates() {
    return duplicates;
  }
}
