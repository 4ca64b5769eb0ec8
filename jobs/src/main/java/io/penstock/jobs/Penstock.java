package io.penstock.jobs;

import io.penstock.jobs.app.Commands;

/** The main class that {@code spark-submit --class} names; CONTRACT section 2. */
public final class Penstock {
  private Penstock() {}

  public static void main(String[] arguments) {
    int status = Commands.execute(arguments);
    System.out.flush();
    // to the application master of YARN, an exit before main returns is a failure whatever its code
    boolean insideMaster = "cluster".equals(System.getProperty("spark.submit.deployMode"));
    if (status != 0 || !insideMaster) {
      System.exit(status);
    }
  }
}
