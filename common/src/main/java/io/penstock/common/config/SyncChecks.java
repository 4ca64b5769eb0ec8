package io.penstock.common.config;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.S3Destination.Changes;
import io.penstock.common.config.SyncConfig.Cursor;
import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.sync.RowOperation;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold between the block {@code sync} and the rest of a job file. */
final class SyncChecks {
  private static final Set<Kind> TIMES = Set.of(Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ);
  private static final Set<Kind> NUMBERS =
      Set.of(Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT, Kind.DECIMAL);

  private static final String STATE_REMEDY =
      "write state { path = \"s3a://bucket/path\" }, or read a source with format = redshift, whose"
          + " schema _rudderstack then has it";

  private final JobFile job;
  private final Section root;
  private final Map<String, Section> destinations;

  /**
   * @param root the top level
   * @param destinations their sections by name, without defaults
   */
  SyncChecks(JobFile job, Section root, Map<String, Section> destinations) {
    this.job = job;
    this.root = root;
    this.destinations = destinations;
  }

  /**
   * @param columns folded names of the result's columns; empty where they are not known
   */
  void run(Optional<Set<String>> columns) {
    if (job.sync().isEmpty()) {
      destinations.values().forEach(SyncChecks::refuseChanges);
      return;
    }
    SyncConfig sync = job.sync().get();
    Section section = root.block("sync");
    checkKeys(sync, section, columns);
    sync.cursor().ifPresent(cursor -> checkCursor(cursor, section, columns));
    checkState(sync, section);
    checkOperationColumn(columns);
    for (DestinationConfig destination : job.destinations()) {
      Section block = destinations.get(destination.name());
      if (block == null) {
        throw new IllegalStateException(destination.name());
      }
      if (destination instanceof S3Destination s3) {
        checkFiles(sync.mode(), s3, block);
      } else if (destination instanceof RedshiftDestination redshift) {
        checkTable(sync, redshift, block);
      } else if (destination instanceof EventsDestination events && sync.mode() == Mode.MIRROR) {
        new EventsChecks(job, events, block).mirror(sync.keys());
      }
    }
  }

  private static void refuseChanges(Section destination) {
    if (destination.has("changes")) {
      destination.conflict(
          "changes", "belongs to a sync, and there is none", "write sync { … }, or remove changes");
    }
  }

  private void checkKeys(SyncConfig sync, Section section, Optional<Set<String>> columns) {
    columns.ifPresent(known -> CrossChecks.requireColumns(section, "keys", sync.keys(), known));
    if (folded(sync.keys()).size() < sync.keys().size()) {
      section.conflict("keys", "names a column twice", "name each column once");
    }
    for (String key : sync.keys()) {
      kind(key)
          .filter(kind -> kind == Kind.SUPER)
          .ifPresent(
              kind ->
                  section.conflict(
                      "keys",
                      Values.shown(key) + " is of type super, which is not compared",
                      "name columns of other types"));
    }
  }

  private void checkCursor(Cursor cursor, Section section, Optional<Set<String>> columns) {
    columns.ifPresent(
        known -> CrossChecks.requireColumns(section, "cursor", List.of(cursor.column()), known));
    Optional<Kind> kind = kind(cursor.column());
    if (kind.filter(known -> !TIMES.contains(known) && !NUMBERS.contains(known)).isPresent()) {
      section.conflict(
          "cursor",
          Values.shown(cursor.column())
              + " is of type "
              + kind.get().name().toLowerCase(Locale.ROOT)
              + ", which does not grow with time",
          "name a column of type timestamptz, timestamp, date, bigint, integer, smallint or"
              + " decimal");
    }
    if (!cursor.lag().isZero() && kind.filter(NUMBERS::contains).isPresent()) {
      section.conflict(
          "lag",
          "is a length of time, and the cursor is a number",
          "remove lag, or name a column of dates or times");
    }
  }

  /** The type that the template declares for a column. */
  private Optional<Kind> kind(String column) {
    List<Entry> entries = job.template().map(TemplateConfig::columns).orElse(List.of());
    return entries.stream()
        .filter(entry -> Identifiers.fold(entry.name()).equals(Identifiers.fold(column)))
        .findFirst()
        .flatMap(Entry::type)
        .map(type -> type.kind());
  }

  private void checkState(SyncConfig sync, Section section) {
    if (!(sync.state() instanceof StateLocation.Schema schema) || schema.name().isEmpty()) {
      return;
    }
    Set<String> databases = StateSchema.databases(job);
    String several = "the sources are in several databases: " + String.join(", ", databases);
    if (!section.block("state").has("schema")) {
      if (databases.isEmpty()) {
        section.missing("state", STATE_REMEDY);
      } else if (databases.size() > 1) {
        section.missing("state", "write state { path = \"…\" }: " + several);
      }
    } else if (databases.size() != 1) {
      section
          .block("state")
          .conflict(
              "schema",
              "is a schema of the source's Redshift, and "
                  + (databases.isEmpty() ? "no source is in Redshift" : several),
              databases.isEmpty()
                  ? "write state { path = \"…\" }, or read a source with format = redshift"
                  : "write state { path = \"…\" }, or read one database as one user");
    }
  }

  private void checkOperationColumn(Optional<Set<String>> columns) {
    if (columns.filter(known -> known.contains(RowOperation.COLUMN)).isPresent()) {
      root.block("template")
          .conflict(
              "columns",
              "has a column " + RowOperation.COLUMN + ", which is what a sync calls its own",
              "rename the column");
    }
  }

  private void checkFiles(Mode mode, S3Destination s3, Section section) {
    if (!mode.sendsChanges() && section.has("changes")) {
      section.conflict(
          "changes",
          "tells added, changed and removed rows apart, and sync.mode = full sends all rows",
          "write sync.mode = upsert or mirror, or remove changes");
    }
    if (s3.changes() != Changes.SEPARATE) {
      return;
    }
    if (s3.encoding().isArchive()) {
      section.conflict(
          "changes",
          "puts rows into separate files, and the encoding all files into one archive",
          "write encoding = none or gzip");
    }
    if (s3.manifest()) {
      section.conflict(
          "changes",
          "puts rows into separate files, and a manifest names all of them for one COPY",
          "remove manifest");
    }
    if (job.campaign().flatMap(CampaignConfig::groupColumn).isPresent()) {
      section.conflict(
          "changes",
          "puts rows into separate files, and the campaign has files for each group",
          "remove one of the two");
    }
  }

  private static void checkTable(SyncConfig sync, RedshiftDestination redshift, Section section) {
    if (!sync.mode().sendsChanges()) {
      return;
    }
    Application application = redshift.application();
    Write write = sync.mode() == Mode.MIRROR ? Write.MIRROR : Write.UPSERT;
    String word = write.name().toLowerCase(Locale.ROOT);
    if (application.write() != write) {
      section.conflict(
          "write",
          "is "
              + application.write().name().toLowerCase(Locale.ROOT)
              + ", which does not apply the changes of sync.mode = "
              + word,
          "write write = " + word + " with the keys of sync");
    } else if (!folded(application.keys()).equals(folded(sync.keys()))) {
      section.conflict(
          "keys", "are not those of sync", "write keys = [" + String.join(", ", sync.keys()) + "]");
    }
    if (application.operation() == Operation.CREATE_NEW) {
      section.conflict(
          "operation",
          "makes a new table each run, and a sync sends changes of the rows before",
          "write operation = update, or sync.mode = full");
    }
  }

  private static Set<String> folded(List<String> names) {
    return names.stream().map(Identifiers::fold).collect(Collectors.toCollection(HashSet::new));
  }
}
