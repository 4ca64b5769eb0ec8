package io.penstock.bench;

import io.penstock.bench.Paired.Spread;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The peak heap of a delivery of ten times the rows against that of the rows, each in a JVM of its
 * own. The small one is repeated ten times, so that both are sampled equally often. The "seconds"
 * of the line are megabytes.
 *
 * @param delivery of {@link DeliveryHeap#DELIVERIES}
 */
record HeapContest(String delivery) implements Contest {
  private static final int FACTOR = 10;
  private static final String HEAP = "-Xmx1g";
  private static final double MEGABYTE = 1 << 20;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String peer() {
    return delivery;
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Path few = setting.lineitem().files(Lineitem.Form.SMALL_GROUPS);
    Path many = setting.lineitem().times(FACTOR).files(Lineitem.Form.SMALL_GROUPS);
    double[] small = new double[setting.rounds()];
    double[] large = new double[setting.rounds()];
    double[] growth = new double[setting.rounds()];
    for (int round = 0; round < setting.rounds(); round++) {
      small[round] = megabytes(setting, few, FACTOR);
      large[round] = megabytes(setting, many, 1);
      growth[round] = large[round] / small[round];
    }
    return new Line(
        name(),
        "a tenth of the rows, " + delivery,
        Spread.of(large) + " MB",
        Spread.of(small) + " MB",
        Spread.of(growth).toString(),
        "≤ 1.1",
        "–",
        "–",
        "peak heap after full collections");
  }

  private double megabytes(Setting setting, Path source, int times)
      throws IOException, InterruptedException {
    Folder target = new Folder(setting.output().resolve("heap"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(List.of(HEAP, "-XX:SoftRefLRUPolicyMSPerMB=0"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DeliveryHeap.class.getName());
    command.addAll(
        List.of(source.toString(), target.path().toString(), delivery, Integer.toString(times)));
    try {
      Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      String bytes = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (process.waitFor() != 0 || bytes == null) {
        throw new IllegalStateException("the delivery failed in a heap of " + HEAP);
      }
      return Long.parseLong(bytes) / MEGABYTE;
    } finally {
      target.delete();
    }
  }
}
