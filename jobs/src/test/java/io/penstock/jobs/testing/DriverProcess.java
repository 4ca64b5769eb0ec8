package io.penstock.jobs.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Penstock in a process of its own; its outputs are files. */
public record DriverProcess(Process process, Path output, Path errors) {

  /** In local mode, from the reactor's classes, as the launcher starts it. */
  public static DriverProcess local(
      Path folder, String name, Map<String, String> secrets, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(StandaloneCluster.moduleOptions());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dspark.master=local[2]", "-Dspark.ui.enabled=false", "-cp"));
    command.add(
        Path.of("target", "classes").toAbsolutePath()
            + File.pathSeparator
            + Files.readString(Path.of("target", "classpath.txt")).strip());
    command.add("io.penstock.jobs.Penstock");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(secrets);
    return start(builder, folder, name);
  }

  static DriverProcess start(ProcessBuilder builder, Path logs, String name) throws IOException {
    Path output = logs.resolve(name + ".out");
    Path errors = logs.resolve(name + ".err");
    builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
    return new DriverProcess(builder.start(), output, errors);
  }

  /** What it printed on standard output, once it has ended well. */
  public String result(Duration patience) throws IOException, InterruptedException {
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("it still runs:\n" + Files.readString(errors));
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "it ended with "
              + process.exitValue()
              + ":\n"
              + Files.readString(output)
              + Files.readString(errors));
    }
    return Files.readString(output);
  }
}
