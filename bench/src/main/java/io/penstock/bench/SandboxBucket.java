package io.penstock.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.Secret;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A bucket of a sandbox of its own, which delays and counts requests; docs/sandbox.md, "Faults and
 * counts".
 */
final class SandboxBucket implements AutoCloseable {
  private static final String BUCKET = "bench";
  private static final int STOP_SECONDS = 20;

  private final Process process;
  private final JsonNode s3;
  private final JsonNode redshift;
  private final EventSink events;
  private final Folder folder;
  private final HttpClient http = HttpClient.newHttpClient();

  private SandboxBucket(Process process, JsonNode ready, Folder folder) {
    this.process = process;
    this.s3 = ready.path("s3");
    this.redshift = ready.path("redshift");
    this.events =
        new EventSink(
            URI.create(ready.path("events").path("url").asText()),
            ready.path("events").path("writeKey").asText());
    this.folder = folder;
  }

  /** Starts the sandbox on a folder, which goes with it. */
  static SandboxBucket start(Folder folder) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("penstock.sandbox.classpath"),
                "io.penstock.sandbox.Sandbox",
                "--dir",
                folder.emptied().path().toString(),
                "--bucket",
                BUCKET,
                "--events",
                "--parent-pid",
                Long.toString(ProcessHandle.current().pid()))
            .redirectError(Redirect.INHERIT)
            .start();
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (line == null) {
      throw new IOException("the sandbox ended before it was ready");
    }
    return new SandboxBucket(process, new ObjectMapper().readTree(line), folder);
  }

  StoreLocation.Bucket location(String prefix) {
    return new StoreLocation.Bucket(
        BUCKET,
        prefix,
        new S3Access(
            text("region"),
            URI.create(text("endpoint")),
            true,
            S3Access.RequestChecksums.WHEN_SUPPORTED,
            new S3Access.Credentials.Keys(
                text("accessKey"), new Secret.Literal(text("secretKey")), null),
            new S3Access.Encryption.None()));
  }

  /** The keys {@code connection} and {@code staging} of a destination that loads into it. */
  String warehouse(String prefix) {
    return """
        connection {
          host = localhost, endpoint-override = "%s:%s", database = "%s", user = "%s", password = "%s"
          tls { mode = disable }
        }
        staging {
          bucket = "%s", prefix = "%s", region = "%s", endpoint = "%s", path-style = true
          credentials { type = keys, access-key = "%s", secret-key = "%s" }
        }
        """
        .formatted(
            redshift.path("host").asText(),
            redshift.path("port").asText(),
            redshift.path("database").asText(),
            redshift.path("user").asText(),
            redshift.path("password").asText(),
            BUCKET,
            prefix,
            text("region"),
            text("endpoint"),
            text("accessKey"),
            text("secretKey"));
  }

  EventSink events() {
    return events;
  }

  String s3a(String prefix) {
    return "s3a://" + BUCKET + "/" + prefix;
  }

  /** What S3A needs to reach it. */
  Map<String, String> s3aSettings() {
    return Map.of(
        "fs.s3a.endpoint", text("endpoint"),
        "fs.s3a.endpoint.region", text("region"),
        "fs.s3a.path.style.access", "true",
        "fs.s3a.connection.ssl.enabled", "false",
        "fs.s3a.access.key", text("accessKey"),
        "fs.s3a.secret.key", text("secretKey"));
  }

  /** Where the objects below a prefix are plain files. */
  Folder files(String prefix) {
    return new Folder(folder.path().resolve("s3").resolve(BUCKET).resolve(prefix));
  }

  /** Every request waits so long first. */
  void delay(long millis) throws IOException, InterruptedException {
    control("PUT", "delay", BodyPublishers.ofString("{\"millis\":" + millis + "}"));
  }

  void countFromZero() throws IOException, InterruptedException {
    control("DELETE", "requests", BodyPublishers.noBody());
  }

  long requests() throws IOException, InterruptedException {
    long requests = 0;
    for (JsonNode count : control("GET", "requests", BodyPublishers.noBody()).path("counts")) {
      requests += count.asLong();
    }
    return requests;
  }

  private JsonNode control(String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(text("endpoint")).resolve("/_sandbox/" + path))
            .header("X-Penstock-Sandbox", "bench")
            .method(method, body)
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the sandbox answered " + answer.statusCode() + ": " + answer.body());
    }
    return new ObjectMapper().readTree(answer.body());
  }

  private String text(String key) {
    return s3.path(key).asText();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    folder.delete();
  }
}
