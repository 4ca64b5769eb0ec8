package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;

/**
 * A command that ran in this JVM, within its Spark application, and what it printed and logged.
 * What is about the process itself (its environment, signals) needs a {@link PenstockProcess}.
 */
public record PenstockRun(int exitCode, String out, String err, String log) {
  private static final String SANDBOX = "penstock.sandbox.classpath";
  private static final Map<String, Level> LEVELS =
      Map.of("io.penstock", Level.INFO, "org.apache.spark", Level.INFO);

  /**
   * @param folder what the path of the job file, the second argument, is relative to
   */
  public static PenstockRun run(Path folder, String... arguments) {
    return run(folder, List.of(arguments));
  }

  /** As {@link #run(Path, String...)}. */
  public static PenstockRun run(Path folder, List<String> arguments) {
    return run(folder, LEVELS, arguments);
  }

  /**
   * As {@link #run(Path, String...)}.
   *
   * @param levels of the loggers that are listened to, by their names
   */
  static PenstockRun run(Path folder, Map<String, Level> levels, List<String> arguments) {
    LocalSpark.session();
    System.setProperty(SANDBOX, sandbox());
    List<String> command = new ArrayList<>(arguments);
    command.set(1, folder.resolve(arguments.get(1)).toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    int exitCode;
    String log;
    try (CaughtLog caught = new CaughtLog(levels);
        PrintStream caughtOut = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream caughtErr = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      System.setOut(caughtOut);
      System.setErr(caughtErr);
      exitCode = Commands.execute(command.toArray(String[]::new));
      log = caught.text();
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
    }
    return new PenstockRun(exitCode, text(out), text(err), log);
  }

  private static String sandbox() {
    try {
      return SandboxProcess.classPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** Standard output as exactly one JSON document. */
  public JsonNode json() throws IOException {
    return document(out);
  }

  static JsonNode document(String text) throws IOException {
    return new ObjectMapper()
        .readerFor(JsonNode.class)
        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .readValue(text.getBytes(StandardCharsets.UTF_8));
  }
}
