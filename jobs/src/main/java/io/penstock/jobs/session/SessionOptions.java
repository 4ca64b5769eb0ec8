package io.penstock.jobs.session;

import java.util.Map;

/**
 * How a command wants its session where nobody else said.
 *
 * @param master used where neither spark-submit nor the job file names one
 * @param defaults Spark settings that anything the user set takes precedence over
 */
public record SessionOptions(String master, Map<String, String> defaults) {

  /** All cores of this machine. */
  public static SessionOptions local() {
    return new SessionOptions("local[*]", Map.of());
  }
}
