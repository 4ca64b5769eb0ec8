package io.penstock.jobs.report;

import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.EventsResult;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.SyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** A run in a few lines for people. */
public final class Summary {
  private static final int FILES_SHOWN = 3;

  private Summary() {}

  /** The lines of a summary, without line endings. */
  public static List<String> lines(RunRecord run) {
    List<String> lines = new ArrayList<>();
    Duration took = Duration.between(run.startedAt(), run.endedAt());
    lines.add(
        String.format(
            Locale.ROOT,
            "%s %s: %s, %,d rows%s in %s",
            run.job(),
            run.runId(),
            run.status().text(),
            run.rowsRead(),
            run.rowsRejected() == 0
                ? ""
                : String.format(Locale.ROOT, " (%,d rejected)", run.rowsRejected()),
            Sizes.seconds(took.toNanos())));
    run.sync().ifPresent(sync -> sync(sync, lines));
    run.destinations().forEach(result -> destination(result, lines));
    return lines;
  }

  private static void sync(SyncResult sync, List<String> lines) {
    lines.add(
        String.format(
            Locale.ROOT,
            "  sync %d: %,d inserted, %,d updated, %,d deleted, %,d unchanged%s",
            sync.number(),
            sync.inserted(),
            sync.updated(),
            sync.deleted(),
            sync.unchanged(),
            sync.failed() == 0
                ? ""
                : String.format(
                    Locale.ROOT, ", %,d failed and sent again next time", sync.failed())));
    sync.full().ifPresent(why -> lines.add("    all rows: " + why));
    for (SyncResult.Exclusion exclusion : sync.excluded()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "    %,d left out: %s, such as %s",
              exclusion.rows(),
              exclusion.reason().meaning(),
              String.join(" ", exclusion.keys())));
    }
    sync.checkpoint().ifPresent(checkpoint -> lines.add("    checkpoint " + checkpoint));
  }

  private static void destination(DestinationResult result, List<String> lines) {
    if (result.status() == RunStatus.NOT_STARTED) {
      lines.add("  " + result.name() + ": not started");
      return;
    }
    if (result.load().isPresent()) {
      lines.add("  " + result.name() + ": " + table(result, result.load().get()));
      result.load().get().schemaChanges().forEach(change -> lines.add("    " + change));
      return;
    }
    if (result.events().filter(events -> events.requests() > 0).isPresent()) {
      lines.add("  " + result.name() + ": " + sent(result.events().get()));
      return;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  %s: %,d rows in %,d files, %s",
            result.name(),
            result.rows(),
            result.files().size(),
            Sizes.text(result.bytes())));
    result.files().stream()
        .limit(FILES_SHOWN)
        .forEach(
            file ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "    %s  %,d rows, %s",
                        file.key(),
                        file.rows(),
                        Sizes.text(file.bytes()))));
    if (result.files().size() > FILES_SHOWN) {
      lines.add("    … and " + (result.files().size() - FILES_SHOWN) + " more");
    }
    result.doneFile().ifPresent(done -> lines.add("    " + done));
  }

  private static String sent(EventsResult events) {
    return String.format(
        Locale.ROOT,
        "%,d events%s in %,d requests%s",
        events.sent(),
        events.failed() == 0 ? "" : String.format(Locale.ROOT, " (%,d not)", events.failed()),
        events.requests(),
        events.retries() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d of them again", events.retries()));
  }

  private static String table(DestinationResult result, LoadResult load) {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s%,d rows%s%s%s",
        load.table(),
        load.operation(),
        result.status() == RunStatus.ALREADY_DONE ? "already applied, " : "",
        result.rows(),
        load.operation().equals("append") ? "" : count(load.rowsInserted(), "inserted"),
        count(load.rowsUpdated(), "updated"),
        count(load.rowsDeleted(), "deleted"));
  }

  private static String count(OptionalLong rows, String what) {
    return rows.isEmpty() ? "" : String.format(Locale.ROOT, ", %,d %s", rows.getAsLong(), what);
  }
}
