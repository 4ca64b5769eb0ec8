package io.penstock.jobs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Penstock as the driver of a cluster, in a process of its own; its outputs are files. */
public record DriverProcess(Process process, Path output, Path errors) {

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
