package io.penstock.bench;

import java.io.IOException;
import java.nio.file.Path;
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
    return HeapProcess.growth(
        this,
        setting.rounds(),
        () -> megabytes(setting, few, FACTOR),
        () -> megabytes(setting, many, 1));
  }

  private double megabytes(Setting setting, Path source, int times)
      throws IOException, InterruptedException {
    Folder target = new Folder(setting.output().resolve("heap"));
    try {
      return HeapProcess.megabytes(
          DeliveryHeap.class,
          List.of(source.toString(), target.path().toString(), delivery, Integer.toString(times)));
    } finally {
      target.delete();
    }
  }
}
