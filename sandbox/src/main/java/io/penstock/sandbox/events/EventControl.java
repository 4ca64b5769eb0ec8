package io.penstock.sandbox.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.penstock.sandbox.events.EventFault.Kept;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * What tests ask the receiver itself. A request carries the header {@code X-Penstock-Sandbox},
 * which no page in a browser can send.
 */
final class EventControl {
  static final String PATH = "/_sandbox/";
  private static final String HEADER = "X-Penstock-Sandbox";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EventFaults faults;
  private final EventRequests requests;
  private final Received received;

  EventControl(EventFaults faults, EventRequests requests, Received received) {
    this.faults = faults;
    this.requests = requests;
    this.received = received;
  }

  void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestHeaders().getFirst(HEADER) == null) {
      send(exchange, 403, Map.of("problem", "the header " + HEADER + " is missing"));
      return;
    }
    String command =
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI().getPath().substring(PATH.length());
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (command.equals("GET events")) {
      exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        received.copyTo(out);
      }
      return;
    }
    try {
      send(exchange, 200, result(command, body));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      send(exchange, 400, Map.of("problem", String.valueOf(e.getMessage())));
    }
  }

  private Object result(String command, byte[] body) throws IOException {
    switch (command) {
      case "GET requests" -> {
        return Map.of("requests", requests.all());
      }
      case "DELETE requests" -> requests.clear();
      case "DELETE events" -> received.clear();
      case "POST faults" -> faults.add(fault(JSON.readTree(body)));
      case "POST refusals" -> {
        JsonNode refusal = JSON.readTree(body);
        faults.refuse(text(refusal, "pointer"), text(refusal, "equals"));
      }
      case "DELETE faults" -> faults.clear();
      default -> throw new IllegalArgumentException(command + " is nothing the receiver knows");
    }
    return Map.of();
  }

  private static EventFault fault(JsonNode body) {
    return new EventFault(
        answerOf(text(body, "answer")),
        body.hasNonNull("retryAfter") ? body.get("retryAfter").asText() : null,
        Kept.valueOf(body.path("kept").asText("none").toUpperCase(Locale.ROOT)),
        body.path("after").asLong(0),
        body.path("times").asLong(EventFault.FOR_EVER));
  }

  private static int answerOf(String word) {
    return switch (word) {
      case "drop" -> EventFault.DROP;
      case "hold" -> EventFault.HOLD;
      default -> {
        if (!word.matches("[1-5]\\d\\d")) {
          throw new IllegalArgumentException("answer is a status, drop or hold");
        }
        yield Integer.parseInt(word);
      }
    };
  }

  private static String text(JsonNode body, String key) {
    String text = body.path(key).asText();
    if (text.isEmpty()) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return text;
  }

  static void send(HttpExchange exchange, int status, Object document) throws IOException {
    byte[] bytes = (JSON.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
