package io.penstock.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.penstock.jobs.app.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * A sync of which one row in a hundred has changed, against one that sends all rows, both of the
 * same job to files in a local directory. The source is one of two tables in turn. Says also how
 * large the state is, and what size and time are with twice the rows.
 */
record SyncContest() implements Contest {
  private static final int WARM_UPS = 2;
  private static final int ONE_IN = 100;
  private static final String JOB =
      """
      job = "lines"
      sources { lines { format = parquet, path = "nowhere" } }
      sync { mode = upsert, keys = [l_orderkey, l_linenumber], state { path = "%1$s/sync" } }
      destinations { out { type = s3, directory = "%1$s/out", format = ndjson } }
      state = "%1$s/runs"
      """;

  @Override
  public String name() {
    return "sync";
  }

  @Override
  public String peer() {
    return "full";
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Folder once = new Folder(setting.output().resolve("sync"));
    Folder twice = new Folder(setting.output().resolve("sync-twice"));
    try {
      Synced rows = Synced.of(setting.lineitem(), once);
      Paired.Result result = new Paired(setting.rounds(), WARM_UPS).time(rows::sync, rows::full);
      Synced more = Synced.of(setting.lineitem().times(2), twice);
      double seconds = 0;
      for (int round = 0; round < WARM_UPS + 1; round++) {
        long start = System.nanoTime();
        more.sync();
        seconds = (System.nanoTime() - start) / 1e9;
      }
      String state =
          String.format(
              Locale.ROOT,
              "state %.1f MB, of twice the rows %.1f MB and %.2f s",
              rows.megabytes(),
              more.megabytes(),
              seconds);
      return Line.of(this, result, "≥ 2.86", rows.sent(), state);
    } finally {
      once.delete();
      twice.delete();
    }
  }

  /** A job whose source is one of two tables in turn. */
  private static final class Synced {
    private final Path folder;
    private final Path job;
    private final Path[] sources;
    private int runs;
    private long changed;
    private long all;

    private Synced(Path folder, Path job, Path... sources) {
      this.folder = folder;
      this.job = job;
      this.sources = sources;
    }

    static Synced of(Lineitem lineitem, Folder folder) throws Exception {
      folder.emptied();
      Path changed = folder.path().resolve("changed");
      change(lineitem.rows(Lineitem.Form.TYPED))
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(changed.toString());
      Path job = Files.writeString(folder.path().resolve("job.conf"), JOB.formatted(folder.path()));
      Synced synced = new Synced(folder.path(), job, lineitem.files(Lineitem.Form.TYPED), changed);
      synced.full();
      return synced;
    }

    private static Dataset<Row> change(Dataset<Row> rows) {
      Column isChanged =
          pmod(xxhash64(col("l_orderkey"), col("l_linenumber")), lit(ONE_IN)).equalTo(0);
      return rows.withColumn(
          "l_comment",
          when(isChanged, concat(col("l_comment"), lit("."))).otherwise(col("l_comment")));
    }

    void sync() throws Exception {
      run();
      changed = bytes("out");
    }

    void full() throws Exception {
      run("--full");
      all = bytes("out");
    }

    private void run(String... options) {
      String source = sources[runs++ % sources.length].toString();
      String[] command = {"run", job.toString(), "--quiet", "-D", "sources.lines.path=" + source};
      String[] whole = java.util.Arrays.copyOf(command, command.length + options.length);
      System.arraycopy(options, 0, whole, command.length, options.length);
      int status = Commands.execute(whole);
      if (status != 0) {
        throw new IllegalStateException("the run ended with " + status);
      }
    }

    private long bytes(String below) throws Exception {
      return new Folder(folder.resolve(below)).bytes();
    }

    double megabytes() throws Exception {
      return bytes("sync") / 1e6;
    }

    /** Bytes that a sync sent for each byte of all rows. */
    double sent() {
      return (double) changed / all;
    }
  }
}
