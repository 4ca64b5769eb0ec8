package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The sandbox as a process of its own. The launcher names its class path in the system property
 * {@code penstock.sandbox.classpath}; a cluster has none.
 */
final class SandboxServer implements AutoCloseable {
  private static final String MAIN_CLASS = "io.penstock.sandbox.Sandbox";
  private static final int STOP_SECONDS = 20;

  private final Process process;
  private final JsonNode ready;

  private SandboxServer(Process process, JsonNode ready) {
    this.process = process;
    this.ready = ready;
  }

  /**
   * Starts a sandbox that ends with this process, and waits until it is ready.
   *
   * @param events whether it receives events
   */
  static SandboxServer start(Collection<String> buckets, boolean events) {
    List<String> arguments = new ArrayList<>();
    if (events) {
      arguments.add("--events");
    }
    for (String bucket : buckets) {
      arguments.add("--bucket");
      arguments.add(bucket);
    }
    arguments.add("--parent-pid");
    arguments.add(Long.toString(ProcessHandle.current().pid()));
    try {
      Process process =
          new ProcessBuilder(commandLine(arguments))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
      String line = reader.readLine();
      if (line == null) {
        throw new IOException("it ended before it was ready");
      }
      return new SandboxServer(process, new ObjectMapper().readTree(line));
    } catch (IOException failure) {
      throw PenstockException.of(
          ErrorCode.UNEXPECTED,
          "the sandbox did not start",
          String.valueOf(failure.getMessage()),
          "read its messages above; scripts/penstock sandbox starts it alone",
          failure);
    }
  }

  /** The command line of a sandbox process. */
  static List<String> commandLine(List<String> arguments) {
    String classPath = System.getProperty("penstock.sandbox.classpath");
    if (classPath == null) {
      throw PenstockException.of(
          ErrorCode.USAGE,
          "there is no sandbox here",
          "it is not part of the jar that runs on a cluster",
          "start the command with scripts/penstock of a source checkout");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(classPath);
    command.add(MAIN_CLASS);
    command.addAll(arguments);
    return command;
  }

  SandboxRedirect redirect() {
    JsonNode s3 = ready.path("s3");
    JsonNode redshift = ready.path("redshift");
    return new SandboxRedirect(
        new SandboxRedirect.S3(
            s3.path("endpoint").asText(),
            s3.path("region").asText(),
            s3.path("accessKey").asText(),
            s3.path("secretKey").asText()),
        new SandboxRedirect.Redshift(
            redshift.path("host").asText() + ":" + redshift.path("port").asInt(),
            redshift.path("database").asText(),
            redshift.path("user").asText(),
            redshift.path("password").asText()),
        Optional.of(ready.path("events"))
            .filter(JsonNode::isObject)
            .map(
                events ->
                    new SandboxRedirect.Events(
                        events.path("url").asText(), events.path("writeKey").asText())));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
