package io.penstock.sandbox.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The records of a request: {@code {"batch":[…]}}, each what RudderStack's and Segment's HTTP APIs
 * ask of a record.
 *
 * @param records in order
 */
record Batch(List<Event> records) {
  private static final ObjectMapper JSON = new ObjectMapper(new JsonFactory());

  /** RudderStack and Segment: 32 KB for each call of a batch. */
  private static final int MOST_BYTES = 32 << 10;

  private static final int LONGEST_MESSAGE_ID = 100;
  private static final int BAD_REQUEST = 400;
  private static final Set<String> TYPES = Set.of("identify", "track");

  /**
   * One of them.
   *
   * @param text as it came
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Event(byte[] text, JsonNode node) {}

  /**
   * Reads a body.
   *
   * @throws RefusedBatchException with what is wrong about it
   */
  static Batch of(byte[] body) throws RefusedBatchException {
    List<Event> records = new ArrayList<>();
    boolean batch = false;
    try (JsonParser parser = JSON.getFactory().createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw refused("the body is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("batch") && value == JsonToken.START_ARRAY && !batch) {
          batch = true;
          read(parser, body, records);
        } else if (name.equals("batch")) {
          throw refused("batch is no array, or there are two");
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw refused("something follows the JSON object");
      }
    } catch (IOException e) {
      throw refused("the body is not JSON");
    }
    if (records.isEmpty()) {
      throw refused("the batch is empty");
    }
    return new Batch(List.copyOf(records));
  }

  private static void read(JsonParser parser, byte[] body, List<Event> records)
      throws IOException, RefusedBatchException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      JsonNode node = JSON.readTree(parser);
      int end = (int) parser.currentLocation().getByteOffset();
      check(node, end - start);
      records.add(new Event(Arrays.copyOfRange(body, start, end), node));
    }
  }

  private static void check(JsonNode record, int bytes) throws RefusedBatchException {
    if (!record.isObject()) {
      throw refused("a record is no object");
    }
    if (bytes > MOST_BYTES) {
      throw refused("a record has more than " + MOST_BYTES + " bytes");
    }
    String type = record.path("type").asText();
    if (!TYPES.contains(type)) {
      throw refused("type is none of " + TYPES);
    }
    checkText(record, "userId", false);
    checkText(record, "anonymousId", false);
    if (!record.hasNonNull("userId") && !record.hasNonNull("anonymousId")) {
      throw refused("a record has neither userId nor anonymousId");
    }
    checkText(record, "messageId", true);
    if (record.path("messageId").asText().length() > LONGEST_MESSAGE_ID) {
      throw refused("messageId is longer than " + LONGEST_MESSAGE_ID);
    }
    if (type.equals("track")) {
      checkText(record, "event", true);
    }
    for (String object : List.of("traits", "properties", "context")) {
      if (record.hasNonNull(object) && !record.get(object).isObject()) {
        throw refused(object + " is no object");
      }
    }
    for (String time : List.of("timestamp", "originalTimestamp", "sentAt")) {
      checkTime(record, time);
    }
  }

  private static void checkText(JsonNode record, String key, boolean required)
      throws RefusedBatchException {
    JsonNode value = record.path(key);
    boolean absent = value.isMissingNode() || value.isNull();
    if (absent && required || !absent && (!value.isTextual() || value.asText().isBlank())) {
      throw refused(key + " is no text, or an empty one");
    }
  }

  private static void checkTime(JsonNode record, String key) throws RefusedBatchException {
    if (!record.hasNonNull(key)) {
      return;
    }
    try {
      OffsetDateTime.parse(record.get(key).asText());
    } catch (DateTimeException e) {
      throw refused(key + " is no time in ISO 8601");
    }
  }

  private static RefusedBatchException refused(String problem) {
    return new RefusedBatchException(BAD_REQUEST, problem);
  }
}
