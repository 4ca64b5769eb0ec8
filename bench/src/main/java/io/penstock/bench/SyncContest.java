package io.penstock.bench;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A sync of which one row in a hundred has changed, against the same job without the sync, which
 * sends all rows. Both are whole runs.
 *
 * @param parts of the rows for which size and time of a sync are told too, to show how they grow
 */
record SyncContest(String peer, String target, Opening receiver, List<Double> parts)
    implements Contest {
  private static final int WARM_UPS = 1;

  @FunctionalInterface
  interface Opening {
    Receiver open(Folder folder) throws IOException;
  }

  /** Events in batches of 500 without a limit of requests. */
  static SyncContest toEvents() {
    return new SyncContest("events", "≥ 2.86", EventTap::start, List.of());
  }

  /** CSV files with gzip in a local folder: the least that a full send can cost. */
  static SyncContest toFiles() {
    return new SyncContest(
        "files", "–", folder -> new CsvReceiver(folder.emptied()), List.of(0.25, 0.5));
  }

  @Override
  public String name() {
    return "sync";
  }

  /** One side: its receiver forgets, off the clock, what the turn before has sent. */
  private record Side(Receiver receiver, Runnable job) implements Paired.Work {
    @Override
    public void prepare() throws IOException {
      receiver.empty();
    }

    @Override
    public void run() {
      job.run();
    }
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Folder folder = new Folder(setting.output().resolve("sync")).emptied();
    try (Receiver changes = receiver.open(new Folder(folder.path().resolve("changes")));
        Receiver everything = receiver.open(new Folder(folder.path().resolve("everything")))) {
      SyncedLines lines =
          SyncedLines.of(
              setting.lineitem(), new Folder(folder.path().resolve("job")), changes, everything);
      Paired.Result result =
          new Paired(setting.rounds(), WARM_UPS)
              .time(new Side(changes, lines::sync), new Side(everything, lines::full));
      List<String> found = new ArrayList<>();
      found.add(equal(setting, "changed", changes.rows(), lines.changedRows()));
      found.add(equal(setting, "in all", everything.rows(), lines.allRows()));
      for (double part : parts) {
        found.add(ofPart(setting, folder, part));
      }
      found.add(size(lines, result.ours().median()));
      return Line.of(
          this,
          result,
          target,
          (double) changes.bytes() / everything.bytes(),
          String.join("; ", found));
    } finally {
      folder.delete();
    }
  }

  private String ofPart(Setting setting, Folder folder, double part) throws Exception {
    try (Receiver target = receiver.open(new Folder(folder.path().resolve("part")))) {
      SyncedLines lines =
          SyncedLines.of(
              setting.lineitem().times(part),
              new Folder(folder.path().resolve("job-of-part")),
              target,
              target);
      Paired.Spread seconds =
          new Paired(setting.rounds(), WARM_UPS).alone(new Side(target, lines::sync));
      return String.format(Locale.ROOT, "of %.2f of the rows: ", part)
          + size(lines, seconds.median());
    }
  }

  private static String size(SyncedLines lines, double seconds) throws IOException {
    return String.format(Locale.ROOT, "state %.1f MB, %.2f s", lines.megabytes(), seconds);
  }

  private static String equal(Setting setting, String what, String arrived, String expected)
      throws SQLException {
    String digest = digest(setting, arrived);
    if (!digest.equals(digest(setting, expected))) {
      throw new IllegalStateException("the rows " + what + " are not those of the source");
    }
    return digest.substring(0, digest.indexOf(' ')) + " " + what + ", equal digests";
  }

  /** Rows, and a sum of row hashes that does not depend on their order. */
  private static String digest(Setting setting, String rows) throws SQLException {
    try (Statement statement = setting.duckdb().createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) || ' ' || coalesce(sum(hash(a, b, c)::HUGEINT), 0) FROM ("
                    + rows
                    + ") AS t(a, b, c)")) {
      result.next();
      return result.getString(1);
    }
  }
}
