package io.penstock.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** The receiver of events of a sandbox; docs/sandbox.md, "Events". */
record EventSink(URI url, String writeKey) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** What was received since it was emptied. */
  record Received(long records, long messages) {}

  void empty() throws IOException, InterruptedException {
    HTTP.send(control("DELETE"), BodyHandlers.discarding());
  }

  Received received() throws IOException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    Set<String> ids = new HashSet<>();
    long records = 0;
    HttpResponse<InputStream> answer = HTTP.send(control("GET"), BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode record = json.readTree(line);
        ids.add(record.path("messageId").asText());
        records++;
      }
    }
    return new Received(records, ids.size());
  }

  private HttpRequest control(String method) {
    return HttpRequest.newBuilder(url.resolve("/_sandbox/events"))
        .header("X-Penstock-Sandbox", "bench")
        .method(method, BodyPublishers.noBody())
        .build();
  }
}
