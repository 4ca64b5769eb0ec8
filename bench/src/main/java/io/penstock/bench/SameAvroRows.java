package io.penstock.bench;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** DuckDB has no Avro reader built in; Spark's reads both sides. */
record SameAvroRows() implements Judge {

  @Override
  public String verdict(Folder ours, Folder peer) {
    SparkSession spark = SparkSession.active();
    Dataset<Row> first = spark.read().format("avro").load(ours.path().toString());
    Dataset<Row> second = spark.read().format("avro").load(peer.path().toString());
    long differences = first.exceptAll(second).count() + second.exceptAll(first).count();
    if (differences > 0) {
      throw new IllegalStateException(
          differences + " rows differ between " + ours.path() + " and " + peer.path());
    }
    return first.count() + " rows, equal by exceptAll";
  }
}
