package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.SyncResult;
import io.penstock.common.run.SyncResult.Exclusion;
import io.penstock.common.run.SyncResultJson;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.sync.RowOperation;
import io.penstock.common.sync.RowOrigin;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.sync.Sync;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the next sync would send. That there is nothing to tell is something else than nothing to
 * send.
 *
 * @param unavailable why it cannot be told; empty: it can
 * @param result there where it can be told
 * @param samples some changes, in the mapped columns and that of their operation
 */
record UpcomingChanges(
    Optional<String> unavailable, Optional<SyncResult> result, Optional<Dataset<Row>> samples) {
  private static final Set<ErrorCode> STATE =
      EnumSet.of(ErrorCode.STATE_UNREADABLE, ErrorCode.SYNC_STATE_LOST);

  /**
   * @param rows how many samples of each operation
   */
  static UpcomingChanges of(JobWiring wiring, JobFile file, Mapped mapped, int rows) {
    SyncConfig config =
        file.sync()
            .orElseThrow(
                () ->
                    PenstockException.of(
                        ErrorCode.USAGE,
                        "--diff is for a job with a sync",
                        "job " + file.job() + " has none: every run delivers all rows",
                        "leave --diff out"));
    RunContext now =
        new RunContext(
            file.job(), "preview", Instant.now().truncatedTo(ChronoUnit.MICROS), Optional.empty());
    try (ObjectStore store = Stores.open(file.state());
        Sync sync = wiring.open(config, now, mapped, new RunRecords(store, file.job())::lastSync)) {
      Mapped read = sync.isToBeRead().map(mapped::where).orElse(mapped);
      Sync.Upcoming upcoming =
          sync.preview(new Sync.Source(read.rows(), read.misfits(), mapped.rows()), rows);
      return upcoming.result().isEmpty()
          ? unavailable("there was no sync yet; the first one sends all rows")
          : new UpcomingChanges(
              Optional.empty(),
              upcoming.result(),
              Optional.of(upcoming.samples().drop(RowOrigin.COLUMN)));
    } catch (Exception e) {
      PenstockException failure = wiring.translate(e);
      if (STATE.contains(failure.code())) {
        return unavailable(failure.problem() + ": " + failure.reason());
      }
      throw failure;
    }
  }

  private static UpcomingChanges unavailable(String reason) {
    return new UpcomingChanges(Optional.of(reason), Optional.empty(), Optional.empty());
  }

  /** The columns of the samples. */
  static List<Column> columns(List<Column> mapped) {
    List<Column> columns = new ArrayList<>(mapped);
    columns.add(new Column(RowOperation.COLUMN, RedshiftType.varchar(8), false, false));
    return List.copyOf(columns);
  }

  List<String> lines() {
    if (result.isEmpty()) {
      return List.of("next sync: unavailable: " + unavailable.orElse(""));
    }
    SyncResult sync = result.get();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "next sync: %s to insert, %s to update, %s to delete, %s unchanged",
            count(sync.inserted()),
            count(sync.updated()),
            count(sync.deleted()),
            count(sync.unchanged())));
    sync.full().ifPresent(why -> lines.add("  all rows: " + why));
    for (Exclusion exclusion : sync.excluded()) {
      lines.add("  " + count(exclusion.rows()) + " left out: " + exclusion.reason().meaning());
    }
    return List.copyOf(lines);
  }

  private static String count(long rows) {
    return rows == 0 ? "none" : String.format(Locale.ROOT, "%,d", rows);
  }

  void addTo(ObjectNode document) {
    ObjectNode diff = document.putObject("diff");
    diff.put("status", result.isPresent() ? "available" : "unavailable");
    unavailable.ifPresent(reason -> diff.put("reason", reason));
    result.ifPresent(
        sync -> {
          diff.setAll(SyncResultJson.node(sync));
          diff.remove("failed");
        });
  }
}
