package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.launcher.JavaModuleOptions;

/** The command line as a process of its own, started as the launcher starts it. */
final class PenstockProcess implements AutoCloseable {
  private static final long LONGEST_SECONDS = 120;

  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  private PenstockProcess(Process process) {
    this.process = process;
    this.readers = List.of(reader(process.inputReader(), out), reader(process.errorReader(), err));
  }

  /**
   * @param working where the process works and its log file goes
   */
  static PenstockProcess start(Path working, List<String> arguments) throws IOException {
    return start(working, Map.of(), arguments);
  }

  static PenstockProcess start(
      Path working, Map<String, String> environment, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
    command.addAll(List.of("-Xmx700m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dspark.master=local[2]");
    command.add("-Dpenstock.log=" + working.resolve("penstock.log"));
    command.add("-Dpenstock.sandbox.classpath=" + SandboxProcess.classPath());
    command.add(
        "-Dlog4j2.configurationFile=" + Path.of("..", "conf", "log4j2.properties").toRealPath());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.penstock.jobs.Penstock");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(working.toFile());
    builder.environment().putAll(environment);
    return new PenstockProcess(builder.start());
  }

  /** Runs to the end. */
  static PenstockProcess run(Path working, String... arguments) throws IOException {
    PenstockProcess process = start(working, List.of(arguments));
    process.exitCode();
    return process;
  }

  private static Thread reader(BufferedReader from, List<String> lines) {
    Thread thread =
        new Thread(
            () -> {
              try (from) {
                for (String line = from.readLine(); line != null; line = from.readLine()) {
                  lines.add(line);
                }
              } catch (IOException | UncheckedIOException closed) {
                lines.add("… " + closed.getMessage());
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits for the end; both outputs are complete then. */
  int exitCode() {
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running:\n" + err());
      }
      for (Thread reader : readers) {
        reader.join();
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether a line of standard error has the text by now. */
  boolean hasSaid(String text) {
    return err.stream().anyMatch(line -> line.contains(text));
  }

  String out() {
    return String.join("\n", out);
  }

  String err() {
    return err.stream().collect(Collectors.joining("\n"));
  }

  /** Standard output as exactly one JSON document. */
  JsonNode json() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode document =
        mapper
            .readerFor(JsonNode.class)
            .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .readValue(out().getBytes(StandardCharsets.UTF_8));
    return document;
  }

  /** Sends a signal by its name, such as {@code INT}. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    exitCode();
  }
}
