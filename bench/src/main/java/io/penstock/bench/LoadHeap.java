package io.penstock.bench;

import io.penstock.jobs.app.Commands;

/**
 * A JVM of its own that runs a job file and prints the most heap that was in use after a full
 * collection meanwhile, in bytes. Driver and tasks are one process. Arguments: the job file, how
 * often.
 */
public final class LoadHeap {
  private LoadHeap() {}

  public static void main(String[] arguments) throws InterruptedException {
    int times = Integer.parseInt(arguments[1]);
    HeapSampler sampler = new HeapSampler();
    sampler.start();
    for (int i = 0; i < times; i++) {
      int status = Commands.execute(new String[] {"run", arguments[0], "--quiet"});
      if (status != 0) {
        System.exit(status);
      }
    }
    System.out.println(sampler.peak());
    System.exit(0);
  }
}
