package io.penstock.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;

/** Collects again and again, and keeps the most that was left. */
final class HeapSampler extends Thread {
  private static final long PAUSE_MILLIS = 50;

  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();
  private volatile boolean ended;
  private long most;

  HeapSampler() {
    setDaemon(true);
  }

  @Override
  public void run() {
    while (!ended) {
      System.gc();
      most = Math.max(most, left());
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private long left() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : pools) {
      MemoryUsage usage = pool.getCollectionUsage();
      bytes += usage == null ? 0 : usage.getUsed();
    }
    return bytes;
  }

  /** Ends the sampling; bytes. */
  long peak() throws InterruptedException {
    ended = true;
    join();
    return most;
  }
}
