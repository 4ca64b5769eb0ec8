package io.penstock.jobs.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A sandbox in a process of its own, on free ports, that ends with this one. */
public final class SandboxProcess implements AutoCloseable {
  private final Process process;
  private final S3 s3;
  private final Redshift redshift;

  /** The embedded S3; it has the bucket {@code penstock}. */
  public record S3(String endpoint, String region, String accessKey, String secretKey) {}

  /** The Redshift stand-in. */
  public record Redshift(String host, int port, String database, String user, String password) {}

  private SandboxProcess(Process process, S3 s3, Redshift redshift) {
    this.process = process;
    this.s3 = s3;
    this.redshift = redshift;
  }

  public static SandboxProcess start() throws IOException {
    Path sandbox = Path.of("..", "sandbox", "target");
    String classPath = Files.readString(sandbox.resolve("classpath.txt")).strip();
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx384m",
                    "-cp",
                    sandbox.resolve("classes") + java.io.File.pathSeparator + classPath,
                    "io.penstock.sandbox.Sandbox",
                    "--parent-pid",
                    Long.toString(ProcessHandle.current().pid())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      process.destroy();
      throw new IOException("the sandbox ended before it was ready");
    }
    JsonNode ready = new ObjectMapper().readTree(line);
    JsonNode store = ready.get("s3");
    JsonNode database = ready.get("redshift");
    return new SandboxProcess(
        process,
        new S3(
            store.get("endpoint").asText(),
            store.get("region").asText(),
            store.get("accessKey").asText(),
            store.get("secretKey").asText()),
        new Redshift(
            database.get("host").asText(),
            database.get("port").asInt(),
            database.get("database").asText(),
            database.get("user").asText(),
            database.get("password").asText()));
  }

  public S3 s3() {
    return s3;
  }

  public Redshift redshift() {
    return redshift;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
