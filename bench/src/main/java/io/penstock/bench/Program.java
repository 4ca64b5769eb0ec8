package io.penstock.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The programs of this machine. */
final class Program {
  private Program() {}

  static boolean isInstalled(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path)
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Runs a command whose messages are shown. */
  static void run(Path folder, String... command) throws IOException, InterruptedException {
    await(command[0], builder(folder, command).redirectOutput(Redirect.DISCARD).start());
  }

  /** Runs a command from a file to a file. */
  static void filter(Path folder, Path from, Path to, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        builder(folder, command).redirectInput(from.toFile()).redirectOutput(to.toFile());
    await(command[0], builder.start());
  }

  /** Runs two commands, the first into the second, and the second to a file. */
  static void pipe(Path folder, List<String> first, List<String> second, Path to)
      throws IOException, InterruptedException {
    List<Process> both =
        ProcessBuilder.startPipeline(
            List.of(
                builder(folder, first.toArray(String[]::new)),
                builder(folder, second.toArray(String[]::new)).redirectOutput(to.toFile())));
    await(first.get(0), both.get(0));
    await(second.get(0), both.get(1));
  }

  private static ProcessBuilder builder(Path folder, String... command) {
    return new ProcessBuilder(command).directory(folder.toFile()).redirectError(Redirect.INHERIT);
  }

  private static void await(String name, Process process) throws InterruptedException {
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IllegalStateException(name + " ended with exit code " + exit);
    }
  }
}
