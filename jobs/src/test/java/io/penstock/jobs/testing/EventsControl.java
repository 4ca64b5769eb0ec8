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

/** The receiver of events of a sandbox: what it got, and how it fails. */
public final class EventsControl {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final URI url;
  private final String writeKey;

  EventsControl(URI url, String writeKey) {
    this.url = url;
    this.writeKey = writeKey;
  }

  public URI url() {
    return url;
  }

  public String writeKey() {
    return writeKey;
  }

  /** Nothing received, no faults and no refusals from now on. */
  public void reset() {
    heal();
    send("DELETE", "events", Map.of());
    send("DELETE", "requests", Map.of());
  }

  /** No faults and no refusals from now on. */
  public void heal() {
    send("DELETE", "faults", Map.of());
  }

  /** The records that were accepted, duplicates too, in the order of arrival. */
  public List<JsonNode> received() {
    try {
      List<JsonNode> records = new ArrayList<>();
      for (String line : send("GET", "events", Map.of()).lines().toList()) {
        records.add(JSON.readTree(line));
      }
      return records;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets batches fail; docs/sandbox.md, "Events". */
  public void fault(Map<String, Object> fault) {
    send("POST", "faults", fault);
  }

  /** Refuses batches with a record that has the text at a JSON pointer. */
  public void refuse(String pointer, String text) {
    send("POST", "refusals", Map.of("pointer", pointer, "equals", text));
  }

  private String send(String method, String command, Map<String, Object> body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url.resolve("/_sandbox/" + command))
              .header("X-Penstock-Sandbox", "test")
              .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build();
      HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
