package io.penstock.bench;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.app.Commands;
import io.penstock.jobs.aws.StagingCredentials;
import io.penstock.jobs.read.redshift.ReadContext;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.read.redshift.WarehouseReads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * All columns of a table in the sandbox's Redshift, read by UNLOAD and its Parquet files, and over
 * JDBC. Both sides do nothing with the rows.
 *
 * @param peer a source of the job file
 */
record UnloadContest(String peer, String target) implements Contest {
  private static final String OURS = "unload";
  private static final String DIGEST =
      "concat_ws(' ', count(*), sum(cast(xxhash64(*) as decimal(38,0))))";

  @Override
  public String name() {
    return "unload";
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Folder folder = new Folder(setting.output().resolve("sandbox"));
    Folder jobs = new Folder(setting.output().resolve("jobs")).emptied();
    try (SandboxBucket sandbox = SandboxBucket.start(folder)) {
      JobFile job = job(sandbox, jobs.path(), setting.lineitem().files(Lineitem.Form.TYPED));
      Paired.Result result =
          new Paired(setting.rounds(), 1)
              .time(() -> read(job, OURS, setting.spark()), () -> read(job, peer, setting.spark()));
      String ours = digest(job, OURS, setting.spark());
      if (!ours.equals(digest(job, peer, setting.spark()))) {
        throw new IllegalStateException("the rows differ");
      }
      return Line.of(
          this, result, target, 1, ours.substring(0, ours.indexOf(' ')) + " rows, equal digests");
    } finally {
      jobs.delete();
    }
  }

  /** Loads the table, and answers a job file with a source for each reader. */
  private static JobFile job(SandboxBucket sandbox, Path jobs, Path lineitem) throws IOException {
    String warehouse = sandbox.warehouse("staging");
    Path load =
        Files.writeString(
            jobs.resolve("load.conf"),
            """
            job = "load"
            state = "%s"
            sources { rows { format = parquet, path = "%s" } }
            destinations { warehouse {
              type = redshift
              %s
              loader = copy, write = overwrite
              table { name = lineitem }
            } }
            """
                .formatted(jobs.resolve("state"), lineitem, warehouse));
    if (Commands.execute(new String[] {"run", load.toString(), "--quiet"}) != 0) {
      throw new IllegalStateException("the table could not be loaded");
    }
    Path unload =
        Files.writeString(
            jobs.resolve("unload.conf"),
            """
            job = "unload"
            state = "%s"
            lineitem { format = redshift, table = lineitem
              %s
            }
            sources {
              unload = ${lineitem} { reader = unload }
              jdbc = ${lineitem} { reader = jdbc }
              jdbc-ranges = ${lineitem} { reader = jdbc, jdbc { partition-column = l_orderkey } }
            }
            query = "SELECT * FROM unload"
            destinations { out { type = s3, directory = "out", format = csv } }
            """
                .formatted(jobs.resolve("state"), warehouse));
    return JobFiles.load(unload, Overrides.none());
  }

  private static void read(JobFile job, String source, SparkSession spark) {
    try (WarehouseReads reads = reads(job)) {
      open(job, source, reads, spark).write().format("noop").mode("overwrite").save();
    }
  }

  private static String digest(JobFile job, String source, SparkSession spark) {
    try (WarehouseReads reads = reads(job)) {
      return open(job, source, reads, spark).selectExpr(DIGEST).head().getString(0);
    }
  }

  private static WarehouseReads reads(JobFile job) {
    SecretResolver secrets =
        new LocalSecrets(
            remote -> {
              throw new IllegalStateException("no secret is remote here");
            });
    return new WarehouseReads(
        new ReadContext(
            secrets, access -> StagingCredentials.keys(access, secrets), ReadFolder.ofRun(job)));
  }

  private static Dataset<Row> open(
      JobFile job, String name, WarehouseReads reads, SparkSession spark) {
    SourceConfig source =
        job.sources().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    return reads.open(name, (RedshiftSource) source.format(), spark);
  }
}
