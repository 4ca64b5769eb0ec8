package io.penstock.jobs;

import io.penstock.jobs.app.Commands;

/** The main class that {@code spark-submit --class} names; CONTRACT section 2. */
public final class Penstock {
  private static final String DEPLOY_MODE = "spark.submit.deployMode";

  private Penstock() {}

  /**
   * Ends the process with the command's exit code. A driver inside a cluster returns from success
   * instead: YARN counts an application that calls {@link System#exit} as failed, and starts it
   * again.
   */
  public static void main(String[] arguments) {
    int status = Commands.execute(arguments);
    System.out.flush();
    if (status != 0 || !"cluster".equals(System.getProperty(DEPLOY_MODE))) {
      System.exit(status);
    }
  }
}
