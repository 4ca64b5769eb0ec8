package io.penstock.bench;

import io.penstock.bench.Paired.Spread;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with 1 GB, as this one is otherwise, that prints its peak heap in bytes. */
final class HeapProcess {
  private static final String HEAP = "-Xmx1g";
  private static final double MEGABYTE = 1 << 20;

  private HeapProcess() {}

  /** Measures a peak heap, in megabytes. */
  @FunctionalInterface
  interface Measure {
    double megabytes() throws Exception;
  }

  /** The line of a contest between the peak heaps of a tenth of the rows and of all. */
  static Line growth(Contest contest, int rounds, Measure tenth, Measure all) throws Exception {
    double[] small = new double[rounds];
    double[] large = new double[rounds];
    double[] growth = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      small[round] = tenth.megabytes();
      large[round] = all.megabytes();
      growth[round] = large[round] / small[round];
    }
    return new Line(
        contest.name(),
        "a tenth of the rows, " + contest.peer(),
        Spread.of(large) + " MB",
        Spread.of(small) + " MB",
        Spread.of(growth).toString(),
        "≤ 1.1",
        "–",
        "–",
        "peak heap after full collections");
  }

  static double megabytes(Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(List.of(HEAP, "-XX:SoftRefLRUPolicyMSPerMB=0"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String bytes = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (process.waitFor() != 0 || bytes == null) {
      throw new IllegalStateException(main.getSimpleName() + " failed in a heap of " + HEAP);
    }
    return Long.parseLong(bytes) / MEGABYTE;
  }
}
