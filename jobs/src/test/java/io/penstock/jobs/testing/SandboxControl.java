package io.penstock.jobs.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The faults and the request log of a sandbox's S3. */
public final class SandboxControl {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** For {@link #fault}: every request from now on. */
  public static final int FOR_EVER = -1;

  private final URI endpoint;

  /** A request that reached S3. */
  public record Request(
      String operation,
      String path,
      int status,
      String accessKey,
      String encryption,
      String checksum) {}

  SandboxControl(URI endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Lets the next requests of an operation fail.
   *
   * @param answer {@code 500}, {@code 503}, {@code error-in-body} or {@code nothing}
   * @param worked they are carried out all the same
   */
  public void fault(String operation, String answer, boolean worked, int times) {
    send(
        "POST",
        "faults",
        Map.of("operation", operation, "answer", answer, "worked", worked, "times", times));
  }

  /** No faults from now on, and no request is remembered. */
  public void reset() {
    send("DELETE", "faults", Map.of());
    send("DELETE", "requests", Map.of());
  }

  /** The latest requests, in the order in which they were answered. */
  public List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (JsonNode entry : send("GET", "requests", Map.of()).path("latest")) {
      requests.add(JSON.convertValue(entry, Request.class));
    }
    return requests;
  }

  /** Those of one operation. */
  public List<Request> requests(String operation) {
    return requests().stream().filter(each -> each.operation().equals(operation)).toList();
  }

  private JsonNode send(String method, String command, Map<String, Object> body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(endpoint.resolve("/_sandbox/" + command))
              .header("X-Penstock-Sandbox", "test")
              .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build();
      HttpResponse<byte[]> response = CLIENT.send(request, BodyHandlers.ofByteArray());
      JsonNode document = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(document.toString());
      }
      return document;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
