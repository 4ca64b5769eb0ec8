package io.penstock.jobs.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the machine that reads what was delivered. */
public record Tool(String name) {
  private static final long PATIENCE_SECONDS = 120;

  /** Whether there is such a program. */
  public boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** What the program prints; fails unless it ends with 0. */
  public byte[] out(String... arguments) throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of(name), Arrays.stream(arguments)).toList();
    Path printed = Files.createTempFile("tool", ".out");
    Path complaints = Files.createTempFile("tool", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(printed.toFile())
              .redirectError(complaints.toFile());
      builder.environment().put("LC_ALL", "C.UTF-8");
      Process process = builder.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("still running: " + name);
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            name
                + " ended with "
                + process.exitValue()
                + ":\n"
                + Files.readString(complaints, StandardCharsets.UTF_8));
      }
      return Files.readAllBytes(printed);
    } finally {
      Files.deleteIfExists(printed);
      Files.deleteIfExists(complaints);
    }
  }
}
