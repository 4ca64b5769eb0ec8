package io.penstock.jobs.deliver;

import java.util.function.Supplier;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Spark's own writers read their behaviour from the session of the thread that makes them. Files
 * hold dates of the proleptic Gregorian calendar and microseconds, whatever a session says.
 */
final class CorrectedDates {
  private CorrectedDates() {}

  static <T> T in(Supplier<T> action) {
    SQLConf conf = new SQLConf();
    conf.setConfString("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED");
    conf.setConfString("spark.sql.avro.datetimeRebaseModeInWrite", "CORRECTED");
    conf.setConfString("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    return SQLConf.withExistingConf(conf, action::get);
  }
}
