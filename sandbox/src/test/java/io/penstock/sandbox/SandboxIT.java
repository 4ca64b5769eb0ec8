package io.penstock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.sandbox.testing.RunningSandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class SandboxIT {
  @TempDir private Path directory;

  @Test
  void prints_one_line_of_json_and_stops_without_leftovers() throws Exception {
    try (RunningSandbox sandbox =
        RunningSandbox.start(directory, "--bucket", "extra", "--events")) {
      assertThat(sandbox.ready().fieldNames())
          .toIterable()
          .containsExactly("s3", "redshift", "events");
      assertThat(sandbox.ready().at("/events/url").asText())
          .matches("http://127\\.0\\.0\\.1:\\d+/v1/batch");
      assertThat(sandbox.ready().at("/events/writeKey").asText()).hasSize(27);
      assertThat(sandbox.ready().get("s3").fieldNames())
          .toIterable()
          .containsExactly(
              "endpoint", "region", "accessKey", "secretKey", "buckets", "roles", "kmsKeys");
      assertThat(sandbox.ready().get("redshift").fieldNames())
          .toIterable()
          .containsExactly("host", "port", "database", "user", "password", "cluster", "workgroup");
      assertThat(sandbox.ready().at("/s3/buckets").toString())
          .isEqualTo("[\"extra\",\"penstock\"]");
      assertThat(processesNaming(directory)).isNotEmpty();
    }
    assertThat(processesNaming(directory)).isEmpty();
    assertThat(Files.getPosixFilePermissions(directory.resolve("credentials.properties")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void a_restart_after_kill_serves_the_same_content_to_the_same_clients() throws Exception {
    String accessKey;
    String password;
    try (RunningSandbox first = RunningSandbox.start(directory)) {
      accessKey = first.ready().at("/s3/accessKey").asText();
      password = first.ready().at("/redshift/password").asText();
      store(first);
      first.process().destroyForcibly().waitFor();
    }
    eventually(() -> processesNaming(directory).isEmpty());
    try (RunningSandbox second = RunningSandbox.start(directory)) {
      assertThat(second.ready().at("/s3/accessKey").asText()).isEqualTo(accessKey);
      assertThat(second.ready().at("/redshift/password").asText()).isEqualTo(password);
      assertThat(countOf(second)).isEqualTo(1);
      try (S3Client s3 = second.s3()) {
        assertThat(s3.getObjectAsBytes(r -> r.bucket("penstock").key("a/b")).asUtf8String())
            .isEqualTo("content");
      }
    }
  }

  private void store(RunningSandbox sandbox) throws Exception {
    try (Connection connection = sandbox.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept (id INT) DISTKEY(id)");
      statement.execute("INSERT INTO kept VALUES (1)");
    }
    try (S3Client s3 = sandbox.s3()) {
      s3.putObject(r -> r.bucket("penstock").key("a/b"), RequestBody.fromString("content"));
    }
    assertThat(directory.resolve("s3/penstock/a/b")).hasContent("content");
  }

  private static int countOf(RunningSandbox sandbox) throws Exception {
    try (Connection connection = sandbox.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM kept")) {
      result.next();
      return result.getInt(1);
    }
  }

  @Test
  void ends_with_its_parent() throws Exception {
    Process parent = new ProcessBuilder("sleep", "600").start();
    try (RunningSandbox sandbox =
        RunningSandbox.start(directory, "--parent-pid", String.valueOf(parent.pid()))) {
      parent.destroyForcibly().waitFor();
      assertThat(sandbox.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(processesNaming(directory)).isEmpty();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void refuses_a_directory_that_another_sandbox_serves() throws Exception {
    try (RunningSandbox first = RunningSandbox.start(directory)) {
      Process second =
          RunningSandbox.builder(List.of("--dir", directory.toString()))
              .redirectErrorStream(true)
              .start();
      String output = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(second.waitFor()).isEqualTo(1);
      assertThat(output).contains("another sandbox serves " + directory.toRealPath());
      assertThat(first.process().isAlive()).isTrue();
    }
  }

  @Test
  void without_a_directory_it_removes_what_it_made() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    ProcessBuilder builder = RunningSandbox.builder(List.of());
    builder.command().add(1, "-Djava.io.tmpdir=" + temporary);
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(process.inputReader().readLine()).contains("\"redshift\"");
    assertThat(temporary).isNotEmptyDirectory();
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("penstock-")))
          .isEmpty();
    }
  }

  @Test
  void refuses_roles_that_are_none() throws Exception {
    for (String role : List.of("arn=arn:aws:iam::1:role/short", "external-id=alone")) {
      Process process =
          RunningSandbox.builder(List.of("--role", role)).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isEqualTo(2);
      assertThat(output).contains("--role");
    }
  }

  private static List<String> processesNaming(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("\\d+"))
          .map(SandboxIT::commandLine)
          .filter(command -> command.contains(directory.toString()))
          .toList();
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void eventually(Condition condition) throws Exception {
    Instant limit = Instant.now().plus(Duration.ofSeconds(30));
    while (!condition.holds()) {
      assertThat(Instant.now()).isBefore(limit);
      Thread.sleep(100);
    }
  }
}
