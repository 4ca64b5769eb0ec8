package io.penstock.bench;

import java.util.Map;

/** How Spark's writers make files of S3 visible, through S3A. */
enum Committer {
  /** Tasks rename their files to the end, which S3A does by copy and delete. */
  V2(
      "committer-v2",
      "≥ 10",
      Map.of(
          "spark.sql.sources.commitProtocolClass",
          "org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol",
          "mapreduce.outputcommitter.factory.scheme.s3a",
          "org.apache.hadoop.mapreduce.lib.output.FileOutputCommitterFactory",
          "mapreduce.fileoutputcommitter.algorithm.version",
          "2")),
  /** Uploads that the job completes (Hadoop-AWS module, "The S3A Committers"). */
  MAGIC(
      "committer-magic",
      "≥ 1",
      Map.of(
          "spark.sql.sources.commitProtocolClass",
          "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
          "spark.sql.parquet.output.committer.class",
          "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
          "mapreduce.outputcommitter.factory.scheme.s3a",
          "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
          "fs.s3a.committer.name",
          "magic",
          "fs.s3a.committer.magic.enabled",
          "true"));

  private final String word;
  private final String target;
  private final Map<String, String> settings;

  Committer(String word, String target, Map<String, String> settings) {
    this.word = word;
    this.target = target;
    this.settings = settings;
  }

  /** Its name on the command line. */
  String word() {
    return word;
  }

  /** The ratio to reach against it. */
  String target() {
    return target;
  }

  Map<String, String> settings() {
    return settings;
  }
}
