package io.penstock.sandbox.s3;

import static io.penstock.sandbox.s3.FrontScene.BUCKET;
import static io.penstock.sandbox.s3.FrontScene.HTTP;
import static io.penstock.sandbox.s3.FrontScene.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;

/** Faults, delays and counts, as a client of S3 meets them. */
class FaultsIT {
  @TempDir private static Path directory;
  private static FrontScene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = FrontScene.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
  }

  @BeforeEach
  void reset() throws Exception {
    scene.control("DELETE", "faults", Map.of());
    scene.control("DELETE", "requests", Map.of());
  }

  @Test
  void requests_are_counted_and_fail_as_they_are_told_to() throws Exception {
    scene.control("POST", "faults", Map.of("operation", "PutObject", "answer", "500", "times", 1));
    scene.control("POST", "faults", Map.of("operation", "PutObject", "answer", "503", "times", 1));
    scene.control("POST", "faults", Map.of("operation", "*", "answer", "nothing", "times", 1));
    assertRefused(500, "InternalError", () -> scene.put(scene.owner()));
    assertRefused(503, "SlowDown", () -> scene.put(scene.owner()));
    assertThatThrownBy(() -> scene.put(scene.owner())).isInstanceOf(SdkClientException.class);
    scene.put(scene.owner());
    JsonNode requests = scene.control("GET", "requests", Map.of());
    assertThat(requests.at("/counts").toString()).isEqualTo("{\"PutObject\":4}");
    assertThat(requests.at("/latest/0/status").asInt()).isEqualTo(500);
    assertThat(requests.at("/latest/1/status").asInt()).isEqualTo(503);
    assertThat(requests.at("/latest/3/status").asInt()).isEqualTo(200);
    assertThat(requests.at("/latest/3/path").asText()).isEqualTo("/penstock/session");
    assertThat(requests.at("/latest/3/accessKey").asText()).isEqualTo(scene.owner().accessKeyId());
    assertThat(requests.at("/latest/3/checksum").asText()).isEqualTo("x-amz-checksum-crc32");
  }

  @Test
  void work_may_be_done_though_the_answer_says_otherwise() throws Exception {
    for (String answer : List.of("500", "nothing", "error-in-body")) {
      String key = "worked-" + answer;
      scene.control(
          "POST", "faults", Map.of("operation", "PutObject", "answer", answer, "worked", true));
      try {
        scene.s3().putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString(key));
      } catch (AwsServiceException | SdkClientException e) {
        assertThat(answer).isNotEqualTo("error-in-body");
      }
      scene.control("DELETE", "faults", Map.of());
      assertThat(scene.s3().getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asUtf8String())
          .isEqualTo(key);
    }
  }

  @Test
  void requests_are_held_up() throws Exception {
    scene.control("PUT", "delay", Map.of("millis", 300));
    try {
      Instant begin = Instant.now();
      scene.put(scene.owner());
      assertThat(Duration.between(begin, Instant.now())).isGreaterThan(Duration.ofMillis(300));
    } finally {
      scene.control("PUT", "delay", Map.of("millis", 0));
    }
  }

  @Test
  void the_control_refuses_what_it_does_not_know() throws Exception {
    HttpResponse<String> page =
        HTTP.send(
            HttpRequest.newBuilder(scene.endpoint().resolve("/_sandbox/requests")).build(),
            BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(403);
    for (Map<String, Object> fault :
        List.<Map<String, Object>>of(
            Map.of("answer", "500"), Map.of("operation", "PutObject", "answer", "404"))) {
      assertThatThrownBy(() -> scene.control("POST", "faults", fault)).hasMessageContaining("400");
    }
    assertThatThrownBy(() -> scene.control("PUT", "delay", Map.of()))
        .hasMessageContaining("millis");
    assertThatThrownBy(() -> scene.control("GET", "secrets", Map.of()))
        .hasMessageContaining("secrets");
  }
}
