package io.penstock.jobs.session;

import org.apache.spark.sql.SparkSession;

/**
 * The Spark session of a job.
 *
 * @param isApplication whether the Spark application was started for the job, and ends with it
 */
public record JobSession(SparkSession spark, boolean isApplication) implements AutoCloseable {

  static JobSession ofOwnApplication(SparkSession spark) {
    return new JobSession(spark, true);
  }

  static JobSession within(SparkSession spark) {
    SparkSession.setActiveSession(spark);
    return new JobSession(spark, false);
  }

  /** Ends what was started for the job; an application that ran before goes on. */
  @Override
  public void close() {
    if (isApplication) {
      spark.stop();
    } else {
      SparkSession.clearActiveSession();
    }
  }
}
