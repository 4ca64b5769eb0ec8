package io.penstock.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A thousand partition directories of Parquet in S3, with a delay before each request, into a
 * prefix that is empty. Spark's rows are brought together by partition first, so that both sides
 * write one file in each.
 */
record PartitionContest(Committer committer) implements Contest {
  private static final int PARTITIONS = 1000;
  private static final long DELAY_MILLIS = 30;
  private static final int TASKS = 2;
  private static final String COLUMN = "part";
  private static final String READER = "read_parquet('%s/*/*.parquet', hive_partitioning = true)";

  @Override
  public String name() {
    return "partitions";
  }

  @Override
  public String peer() {
    return committer.word();
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Folder folder = new Folder(setting.output().resolve("sandbox"));
    try (SandboxBucket bucket = SandboxBucket.start(folder)) {
      bucket.delay(DELAY_MILLIS);
      Requests ours = new Requests(bucket, "ours", () -> deliver(setting, bucket));
      SparkSession spark = session(setting.spark(), bucket);
      Dataset<Row> rows =
          partitioned(
              spark.read().parquet(setting.lineitem().files(Lineitem.Form.TYPED).toString()));
      Requests peer = new Requests(bucket, "spark", () -> write(rows, bucket));
      Paired.Result result = new Paired(setting.rounds(), 1).time(ours, peer);
      double size = (double) bucket.files("ours").bytes() / bucket.files("spark").bytes();
      String parity = new SameRows(READER).verdict(bucket.files("ours"), bucket.files("spark"));
      return Line.of(this, result, committer.target(), size, parity + "; " + requests(ours, peer));
    }
  }

  private static Dataset<Row> partitioned(Dataset<Row> rows) {
    return rows.withColumn(COLUMN, pmod(col("l_partkey"), lit(PARTITIONS)));
  }

  private static void deliver(Setting setting, SandboxBucket bucket) {
    Delivery.files(new OutputFormat.Parquet(OutputFormat.Codec.SNAPPY), Encoding.NONE, "parquet")
        .partitioned(COLUMN)
        .run(
            setting.spark(),
            partitioned(setting.rows(Lineitem.Form.TYPED)),
            bucket.location("ours"));
  }

  private static void write(Dataset<Row> rows, SandboxBucket bucket) {
    rows.repartition(TASKS, col(COLUMN))
        .write()
        .partitionBy(COLUMN)
        .option("compression", "snappy")
        .parquet(bucket.s3a("spark"));
  }

  /** A session whose writers use the committer; the other one keeps its settings. */
  private SparkSession session(SparkSession from, SandboxBucket bucket) {
    SparkSession session = from.newSession();
    for (Map<String, String> settings : List.of(bucket.s3aSettings(), committer.settings())) {
      settings.forEach((key, value) -> session.conf().set(key, value));
    }
    return session;
  }

  private static String requests(Requests ours, Requests peer) throws Exception {
    return String.format(
        Locale.ROOT, "requests per file %.2f, peer %.2f", ours.perFile(), peer.perFile());
  }

  /** One side of the pair, whose latest round is counted. */
  private static final class Requests implements Paired.Work {
    private final SandboxBucket bucket;
    private final String prefix;
    private final Paired.Work work;
    private long latest;

    Requests(SandboxBucket bucket, String prefix, Paired.Work work) {
      this.bucket = bucket;
      this.prefix = prefix;
      this.work = work;
    }

    @Override
    public void prepare() throws Exception {
      bucket.files(prefix).delete();
      bucket.countFromZero();
    }

    @Override
    public void run() throws Exception {
      work.run();
      latest = bucket.requests();
    }

    double perFile() throws Exception {
      return (double) latest / bucket.files(prefix).files().size();
    }
  }
}
