package io.penstock.jobs.app;

import io.penstock.jobs.testing.SandboxProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** The command line as a process of its own, started as the launcher starts it. */
final class PenstockProcess implements AutoCloseable {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Pattern JAR = Pattern.compile("/penstock-jobs-[^/]*(?<!-sources)\\.jar$");
  private static final long LONGEST_SECONDS = 400;

  private final Process process;
  private final Path log;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  private PenstockProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
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
    Path log = working.resolve("penstock.log");
    List<String> command = jvm(log);
    command.add("-XX:SharedArchiveFile=" + Archive.FILE);
    command.addAll(penstock(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(working.toFile());
    builder.environment().putAll(environment);
    return new PenstockProcess(builder.start(), log);
  }

  private static List<String> jvm(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
    command.addAll(List.of("-Xmx700m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
    command.add("-Dspark.master=local[2]");
    command.add("-Dpenstock.log=" + log);
    command.add("-Dpenstock.sandbox.classpath=" + SandboxProcess.classPath());
    command.add(
        "-Dlog4j2.configurationFile=" + Path.of("..", "conf", "log4j2.properties").toRealPath());
    return command;
  }

  private static List<String> penstock(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("-cp", classPath()));
    command.add("io.penstock.jobs.Penstock");
    command.addAll(arguments);
    return command;
  }

  /** As the launcher's: jars alone, or their classes could not be shared. */
  private static String classPath() throws IOException {
    return jar() + File.pathSeparator + Files.readString(TARGET.resolve("classpath.txt")).strip();
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files.filter(file -> JAR.matcher(file.toString()).find()).findFirst().orElseThrow();
    }
  }

  /** The classes of a run as processes map them into memory, which makes starts cheap. */
  private static final class Archive {
    static final Path FILE = TARGET.resolve("penstock-processes.jsa");

    static {
      try {
        if (!Files.exists(FILE)
            || Files.getLastModifiedTime(FILE).compareTo(Files.getLastModifiedTime(jar())) < 0) {
          make();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** From the run that the launcher warms up with. */
    private static void make() throws IOException {
      Files.deleteIfExists(FILE);
      Path folder = Files.createTempDirectory("penstock-warm-up");
      List<String> command = jvm(folder.resolve("log"));
      command.add("-XX:ArchiveClassesAtExit=" + FILE);
      String job = Path.of("..", "scripts", "warm-up.conf").toRealPath().toString();
      String state = "state=" + folder.resolve("state");
      command.addAll(penstock(List.of("run", job, "--sandbox", "--quiet", "-D", state)));
      Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
      PenstockProcess run = new PenstockProcess(process, folder.resolve("log"));
      if (run.exitCode() != 0) {
        throw new AssertionError(run.err());
      }
    }
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

  /** What it was, once it has ended. */
  PenstockRun ended() throws IOException {
    int exitCode = exitCode();
    return new PenstockRun(exitCode, out(), err(), Files.exists(log) ? Files.readString(log) : "");
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
