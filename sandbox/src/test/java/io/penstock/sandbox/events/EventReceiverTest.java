package io.penstock.sandbox.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The receiver by an HTTP client that knows nothing of it. */
class EventReceiverTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String KEY = "key";
  private static final String ONE =
      "{\"messageId\":\"m1\",\"type\":\"identify\",\"userId\":\"u\",\"traits\":{\"a\": 1.50}}";
  private static final String TWO =
      "{ \"messageId\" : \"m2\",\n\"type\":\"track\",\"event\":\"e\",\"anonymousId\":\"x\"}";

  @TempDir private Path folder = Path.of("");
  private EventReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    receiver = EventReceiver.start(folder, 0, KEY);
  }

  @AfterEach
  void stop() throws IOException {
    receiver.close();
  }

  private HttpRequest.Builder request(byte[] body) {
    return HttpRequest.newBuilder(receiver.url())
        .timeout(Duration.ofSeconds(5))
        .header("Content-Type", "application/json")
        .header("Authorization", basic(KEY + ":"))
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static String basic(String user) {
    return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  private static int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private int post(String body) throws IOException, InterruptedException {
    return send(request(body.getBytes(StandardCharsets.UTF_8)));
  }

  private HttpResponse<String> control(String method, String command, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(receiver.url().resolve("/_sandbox/" + command))
            .header("X-Penstock-Sandbox", "test")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void keepsRecordsAsTheyCame() throws Exception {
    assertThat(post("{\"batch\":[" + ONE + "," + TWO + "],\"sentAt\":\"2026-01-01T00:00:00Z\"}"))
        .isEqualTo(200);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(("{\"batch\":[" + ONE + "]}").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(send(request(zipped.toByteArray()).header("Content-Encoding", "gzip")))
        .isEqualTo(200);

    List<String> kept = List.of(ONE, TWO.replace('\n', ' '), ONE);
    assertThat(receiver.received()).isEqualTo(kept);
    assertThat(control("GET", "events", "").body().lines()).containsExactlyElementsOf(kept);

    control("DELETE", "events", "");
    assertThat(receiver.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]",
        "{\"batch\":[]}",
        "{\"batch\":{}}",
        "{\"batch\":[1]}",
        "{\"batch\":[{}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"page\",\"userId\":\"u\"}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"identify\"}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"identify\",\"userId\":7}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"identify\",\"userId\":\" \"}]}",
        "{\"batch\":[{\"type\":\"identify\",\"userId\":\"u\"}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"track\",\"userId\":\"u\"}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"identify\",\"userId\":\"u\",\"traits\":[]}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"identify\",\"userId\":\"u\",\"sentAt\":\"now\"}]}",
        "{\"batch\":[{\"messageId\":\"m\",\"type\":\"identify\",\"userId\":\"u\"}]}}",
        "{\"batch\":[{\"messageId\":\"m\""
      })
  void whatIsNoBatchIsRefusedWhole(String body) throws Exception {
    assertThat(post(body)).isEqualTo(400);
    assertThat(post(body.replaceFirst("\\[\\{", "[" + ONE.replace("\\", "") + ",{")))
        .isEqualTo(400);
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void recordsAndBodiesHaveALargestSize() throws Exception {
    String large = ONE.replace("1.50", "\"" + "x".repeat(32 << 10) + "\"");
    assertThat(post("{\"batch\":[" + large + "]}")).isEqualTo(400);
    assertThat(post("{\"batch\":[" + " ".repeat(4_000 << 10) + ONE + "]}")).isEqualTo(413);
  }

  @Test
  void onlyWhoHasTheKeyIsLetIn() throws Exception {
    byte[] body = ("{\"batch\":[" + ONE + "]}").getBytes(StandardCharsets.UTF_8);

    for (String user : List.of("other:", KEY, KEY + ":password")) {
      assertThat(send(request(body).setHeader("Authorization", basic(user)))).isEqualTo(401);
    }
    assertThat(send(request(body).setHeader("Content-Type", "text/plain"))).isEqualTo(415);
    assertThat(send(request(body).header("Content-Encoding", "br"))).isEqualTo(415);
    assertThat(send(request(body).header("Content-Encoding", "gzip"))).isEqualTo(400);
    assertThat(send(request(body).uri(receiver.url().resolve("/v1/track")))).isEqualTo(404);
    assertThat(send(request(body).GET())).isEqualTo(405);
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void failsAsItIsToldTo() throws Exception {
    String batch = "{\"batch\":[" + ONE + "," + TWO + "]}";
    control(
        "POST",
        "faults",
        "{\"answer\":\"429\",\"retryAfter\":\"7\",\"kept\":\"half\",\"after\":1,\"times\":1}");
    control("POST", "faults", "{\"answer\":\"drop\",\"kept\":\"all\",\"times\":1}");

    assertThat(post(batch)).isEqualTo(200);
    HttpResponse<Void> limited =
        HTTP.send(
            request(batch.getBytes(StandardCharsets.UTF_8)).build(), BodyHandlers.discarding());
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).contains("7");
    assertThatThrownBy(() -> post(batch)).isInstanceOf(IOException.class);
    assertThat(receiver.received()).hasSize(5);

    control("POST", "refusals", "{\"pointer\":\"/traits/a\",\"equals\":\"1.5\"}");
    assertThat(post(batch)).isEqualTo(400);
    assertThat(post("{\"batch\":[" + TWO + "]}")).isEqualTo(200);
    control("DELETE", "faults", "");
    assertThat(post(batch)).isEqualTo(200);

    JsonNode requests =
        new ObjectMapper().readTree(control("GET", "requests", "").body()).path("requests");
    assertThat(requests).hasSize(6);
    assertThat(requests.get(1).path("status").asInt()).isEqualTo(429);
    assertThat(requests.get(1).path("records").asInt()).isEqualTo(2);
    assertThat(requests.get(1).path("kept").asInt()).isEqualTo(1);
    assertThat(requests.get(2).path("status").asInt()).isZero();
  }

  @Test
  void anEndlessFaultAndWhatItDoesNotKnow() throws Exception {
    control("POST", "faults", "{\"answer\":\"500\"}");
    assertThat(post("{\"batch\":[" + ONE + "]}")).isEqualTo(500);
    assertThat(post("{\"batch\":[" + ONE + "]}")).isEqualTo(500);

    assertThat(control("POST", "faults", "{\"answer\":\"never\"}").statusCode()).isEqualTo(400);
    assertThat(control("PUT", "faults", "{}").statusCode()).isEqualTo(400);
    HttpRequest bare = HttpRequest.newBuilder(receiver.url().resolve("/_sandbox/events")).build();
    assertThat(HTTP.send(bare, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
  }
}
