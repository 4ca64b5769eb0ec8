package io.penstock.jobs.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The sandbox that the tests of a JVM share: its own process, from the reactor's {@code
 * sandbox/target}. It ends with this JVM.
 */
public final class SandboxProcess {
  private final Process process;
  private final JsonNode ready;

  private SandboxProcess(Process process, JsonNode ready) {
    this.process = process;
    this.ready = ready;
  }

  public static SandboxProcess shared() {
    return Holder.SHARED;
  }

  private static final class Holder {
    static final SandboxProcess SHARED = start();
  }

  private static SandboxProcess start() {
    try {
      Path target = Path.of("").toAbsolutePath().resolveSibling("sandbox").resolve("target");
      String classPath =
          target.resolve("classes")
              + ":"
              + Files.readString(target.resolve("classpath.txt")).trim();
      Path directory = Files.createTempDirectory("penstock-sandbox-test");
      Process process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx512m",
                      "-XX:TieredStopAtLevel=1",
                      "-cp",
                      classPath,
                      "io.penstock.sandbox.Sandbox",
                      "--dir",
                      directory.toString(),
                      "--parent-pid",
                      Long.toString(ProcessHandle.current().pid())))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-sandbox"));
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      if (line == null) {
        throw new IOException("the sandbox ended before it was ready");
      }
      return new SandboxProcess(process, new ObjectMapper().readTree(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the sandbox printed when it was ready. */
  public JsonNode ready() {
    return ready;
  }

  public String bucket() {
    return ready.path("s3").path("buckets").path(0).asText();
  }

  public URI endpoint() {
    return URI.create(ready.path("s3").path("endpoint").asText());
  }

  public String accessKey() {
    return ready.path("s3").path("accessKey").asText();
  }

  public String secretKey() {
    return ready.path("s3").path("secretKey").asText();
  }

  /** A place in the sandbox's bucket. */
  public StoreLocation.Bucket location(String prefix) {
    return new StoreLocation.Bucket(bucket(), prefix, access(new Secret.Literal(secretKey())));
  }

  public S3Access access(Secret secretKey) {
    return new S3Access(
        ready.path("s3").path("region").asText(),
        endpoint(),
        true,
        RequestChecksums.WHEN_SUPPORTED,
        new Credentials.Keys(accessKey(), secretKey, null),
        new Encryption.None());
  }

  public boolean isRunning() {
    return process.isAlive();
  }
}
