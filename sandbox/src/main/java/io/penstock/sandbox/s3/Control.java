package io.penstock.sandbox.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * What tests and benchmarks ask the sandbox itself: faults, delays, counts. A request carries the
 * header {@code X-Penstock-Sandbox}, which no page in a browser can send. No bucket has such a
 * path: their names begin with a letter or a digit.
 */
final class Control {
  private static final String PATH = "/_sandbox/";
  private static final String HEADER = "X-Penstock-Sandbox";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Faults faults;
  private final RequestLog log;

  Control(Faults faults, RequestLog log) {
    this.faults = faults;
    this.log = log;
  }

  static boolean isFor(HttpServletRequest request) {
    return request.getRequestURI().startsWith(PATH);
  }

  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (request.getHeader(HEADER) == null) {
      send(response, 403, Map.of("problem", "the header " + HEADER + " is missing"));
      return;
    }
    try {
      send(response, 200, result(request));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      send(response, 400, Map.of("problem", String.valueOf(e.getMessage())));
    }
  }

  private Object result(HttpServletRequest request) throws IOException {
    String command = request.getMethod() + " " + request.getRequestURI().substring(PATH.length());
    switch (command) {
      case "GET requests" -> {
        return log.requests();
      }
      case "DELETE requests" -> log.clear();
      case "POST faults" -> faults.add(fault(JSON.readTree(request.getInputStream())));
      case "DELETE faults" -> faults.clear();
      case "PUT delay" -> faults.delay(delay(JSON.readTree(request.getInputStream())));
      default -> throw new IllegalArgumentException(command + " is nothing the sandbox knows");
    }
    return Map.of();
  }

  private static Fault fault(JsonNode body) {
    long times = body.path("times").asLong(Fault.FOR_EVER);
    return new Fault(
        text(body, "operation"),
        Fault.Answer.of(text(body, "answer")),
        body.path("worked").asBoolean(false),
        times);
  }

  private static Duration delay(JsonNode body) {
    if (!body.path("millis").isIntegralNumber() || body.path("millis").asLong() < 0) {
      throw new IllegalArgumentException("millis is a number from 0");
    }
    return Duration.ofMillis(body.path("millis").asLong());
  }

  private static String text(JsonNode body, String key) {
    String text = body.path(key).asText();
    if (text.isEmpty()) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return text;
  }

  private static void send(HttpServletResponse response, int status, Object document)
      throws IOException {
    response.setStatus(status);
    response.setContentType("application/json");
    response.getOutputStream().write(JSON.writeValueAsBytes(document));
    response.getOutputStream().write("\n".getBytes(StandardCharsets.UTF_8));
  }
}
