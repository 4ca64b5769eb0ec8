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
import java.util.stream.Stream;

/**
 * Runs job files through the command line, in a process of their own: a run ends the Spark session
 * that it finds, which the tests of this JVM share.
 */
final class Runs {
  private Runs() {}

  /** Runs each file, all with the same options; stops at the first that fails. */
  public static void main(String[] arguments) {
    List<String> options =
        Stream.of(arguments).dropWhile(argument -> !argument.startsWith("-")).toList();
    for (String jobFile : List.of(arguments).subList(0, arguments.length - options.size())) {
      List<String> command = new ArrayList<>(List.of("run", jobFile, "--quiet"));
      command.addAll(options);
      int status = Commands.execute(command.toArray(String[]::new));
      if (status != 0) {
        System.exit(status);
      }
    }
    System.exit(0);
  }

  static void succeed(List<Path> jobFiles, String... options)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("penstock-matrix", ".log");
    int status = run(log, jobFiles, options);
    assertThat(status).as(() -> "exit code of the run; it said:\n" + text(log)).isZero();
    Files.delete(log);
  }

  /** What a run says that fails. */
  static String fail(Path jobFile) throws IOException, InterruptedException {
    Path log = Files.createTempFile("penstock-matrix", ".log");
    assertThat(run(log, List.of(jobFile))).isNotZero();
    String said = text(log);
    Files.delete(log);
    return said;
  }

  private static int run(Path log, List<Path> jobFiles, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of("-Xmx700m", "-cp", System.getProperty("java.class.path"), Runs.class.getName()));
    jobFiles.forEach(jobFile -> command.add(jobFile.toString()));
    command.addAll(List.of(options));
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
