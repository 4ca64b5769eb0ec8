package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.app.Commands;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs job files through the command line, in a process of their own: a run ends the Spark session
 * that it finds, which the tests of this JVM share.
 */
final class Runs {
  private Runs() {}

  /** Runs each file; stops at the first that fails, with its exit code. */
  public static void main(String[] jobFiles) {
    for (String jobFile : jobFiles) {
      int status = Commands.execute("run", jobFile, "--quiet");
      if (status != 0) {
        System.exit(status);
      }
    }
    System.exit(0);
  }

  static void succeed(Path... jobFiles) throws IOException, InterruptedException {
    Path log = Files.createTempFile("penstock-matrix", ".log");
    int status = run(log, jobFiles);
    assertThat(status).as(() -> "exit code of the run; it said:\n" + text(log)).isZero();
    Files.delete(log);
  }

  /** What a run says that fails. */
  static String fail(Path jobFile) throws IOException, InterruptedException {
    Path log = Files.createTempFile("penstock-matrix", ".log");
    assertThat(run(log, jobFile)).isNotZero();
    String said = text(log);
    Files.delete(log);
    return said;
  }

  private static int run(Path log, Path... jobFiles) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of("-Xmx700m", "-cp", System.getProperty("java.class.path"), Runs.class.getName()));
    for (Path jobFile : jobFiles) {
      command.add(jobFile.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
