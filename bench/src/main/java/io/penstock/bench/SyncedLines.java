package io.penstock.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.penstock.jobs.app.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SaveMode;

/**
 * A job over lineitem with a sync, whose source is one of two tables in turn: one row in a hundred
 * differs between them. And the same job without the sync, over the first of them.
 */
final class SyncedLines {
  private static final int ONE_IN = 100;
  private static final String JOB =
      """
      job = "%s"
      sources { lines { format = parquet, path = "%s" } }
      %s
      destinations { out { %s } }
      state = "runs"
      """;
  private static final String SYNC =
      "sync { mode = upsert, keys = [l_orderkey, l_linenumber], state { path = \"sync\" } }";

  private final Folder folder;
  private final Path plain;
  private final Path changed;
  private final Path sync;
  private final Path full;
  private boolean ofChanged;

  private SyncedLines(Folder folder, Path plain, Path changed, Path sync, Path full) {
    this.folder = folder;
    this.plain = plain;
    this.changed = changed;
    this.sync = sync;
    this.full = full;
  }

  /**
   * Writes the second table and the job files, and syncs the first table.
   *
   * @param changes who gets what a sync finds
   * @param everything who gets all rows
   */
  static SyncedLines of(Lineitem lineitem, Folder folder, Receiver changes, Receiver everything)
      throws Exception {
    folder.emptied();
    Path plain = lineitem.files(Lineitem.Form.TYPED);
    Path changed = folder.path().resolve("changed");
    Column isChanged =
        pmod(xxhash64(col("l_orderkey"), col("l_linenumber")), lit(ONE_IN)).equalTo(0);
    lineitem
        .rows(Lineitem.Form.TYPED)
        .withColumn(
            "l_comment",
            when(isChanged, concat(col("l_comment"), lit("."))).otherwise(col("l_comment")))
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(changed.toString());
    SyncedLines lines =
        new SyncedLines(
            folder,
            plain,
            changed,
            jobFile(folder, "synced", plain, SYNC, changes),
            jobFile(folder, "full", plain, "", everything));
    lines.run(lines.sync, plain);
    return lines;
  }

  private static Path jobFile(
      Folder folder, String job, Path source, String sync, Receiver receiver) throws IOException {
    return Files.writeString(
        folder.path().resolve(job + ".conf"),
        JOB.formatted(job, source, sync, receiver.destination()));
  }

  private void run(Path job, Path source) {
    String[] command = {"run", job.toString(), "--quiet", "-D", "sources.lines.path=" + source};
    int status = Commands.execute(command);
    if (status != 0) {
      throw new IllegalStateException("the run ended with " + status);
    }
  }

  /** Syncs the table that was not synced last. */
  void sync() {
    ofChanged = !ofChanged;
    run(sync, ofChanged ? changed : plain);
  }

  /** Sends all rows of the first table. */
  void full() {
    run(full, plain);
  }

  /** Size of the sync's state. */
  double megabytes() throws IOException {
    return new Folder(folder.path().resolve("sync")).bytes() / 1e6;
  }

  /** What the last sync has to have sent, for DuckDB. */
  String changedRows() {
    return "SELECT l_orderkey, l_linenumber, n.l_comment FROM "
        + table(ofChanged ? changed : plain)
        + " n JOIN "
        + table(ofChanged ? plain : changed)
        + " b USING (l_orderkey, l_linenumber) WHERE n.l_comment <> b.l_comment";
  }

  /** What a full run has to have sent, for DuckDB. */
  String allRows() {
    return "SELECT l_orderkey, l_linenumber, l_comment FROM " + table(plain);
  }

  private static String table(Path parquet) {
    return "read_parquet('" + parquet + "/*.parquet')";
  }
}
