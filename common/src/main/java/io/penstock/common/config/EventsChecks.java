package io.penstock.common.config;

import io.penstock.common.config.EventsDestination.Identity;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.names.NamePattern;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold between a destination of type {@code events} and the rest of a job file. */
final class EventsChecks {
  private static final Set<Kind> NO_IDENTITY =
      Set.of(Kind.SUPER, Kind.VARBYTE, Kind.REAL, Kind.DOUBLE);
  private static final Set<Kind> TIMES = Set.of(Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ);

  private final JobFile job;
  private final EventsDestination events;
  private final Section section;

  EventsChecks(JobFile job, EventsDestination events, Section section) {
    this.job = job;
    this.events = events;
    this.section = section;
  }

  /**
   * @param columns folded names of the result's columns; empty where they are not known
   */
  void run(Optional<Set<String>> columns) {
    columns.ifPresent(this::checkColumns);
    Section identity = section.block("identity");
    Identity given = events.identity();
    given.userId().ifPresent(column -> checkIdentity(identity, "user-id", column));
    given.anonymousId().ifPresent(column -> checkIdentity(identity, "anonymous-id", column));
    given.email().ifPresent(column -> checkIdentity(identity, "email", column));
    events.content().timestamp().ifPresent(this::checkTimestamp);
    events.files().ifPresent(this::checkNames);
  }

  /**
   * What must hold where a sync mirrors its source: a row that is gone is known by its keys alone.
   *
   * @param keys of the sync
   */
  void mirror(List<String> keys) {
    if (events.event() instanceof EventsDestination.Event.Track) {
      section.conflict(
          "event",
          "is track, and sync.mode = mirror deletes: nothing that somebody did can be taken back",
          "write event = identify, or sync.mode = upsert");
    }
    List<String> folded = keys.stream().map(Identifiers::fold).toList();
    events.identity().columns().stream()
        .findFirst()
        .filter(column -> !folded.contains(Identifiers.fold(column)))
        .ifPresent(
            column ->
                section.conflict(
                    "identity",
                    "knows rows by "
                        + Values.shown(column)
                        + ", which is none of sync.keys, so that nobody would know whom a deleted"
                        + " row was about",
                    "add it to sync.keys, or name a column of sync.keys, or write sync.mode ="
                        + " upsert"));
  }

  private void checkColumns(Set<String> columns) {
    Section identity = section.block("identity");
    Identity given = events.identity();
    require(identity, "user-id", given.userId(), columns);
    require(identity, "anonymous-id", given.anonymousId(), columns);
    require(identity, "email", given.email(), columns);
    require(section, "timestamp", events.content().timestamp(), columns);
    Section traits = section.block("traits");
    Map<String, String> written = events.content().traits().orElse(Map.of());
    written.forEach((key, column) -> require(traits, key, Optional.of(column), columns));
  }

  private static void require(
      Section block, String key, Optional<String> column, Set<String> columns) {
    CrossChecks.requireColumns(block, key, column.stream().toList(), columns);
  }

  private void checkIdentity(Section identity, String key, String column) {
    kind(column)
        .filter(NO_IDENTITY::contains)
        .ifPresent(
            kind ->
                identity.conflict(
                    key,
                    Values.shown(column)
                        + " is of type "
                        + word(kind)
                        + ", which identifies nobody",
                    "name a column of text, whole numbers or decimals"));
  }

  private void checkTimestamp(String column) {
    kind(column)
        .filter(kind -> !TIMES.contains(kind))
        .ifPresent(
            kind ->
                section.conflict(
                    "timestamp",
                    Values.shown(column) + " is of type " + word(kind) + ", which is no time",
                    "name a column of type timestamptz, timestamp or date"));
  }

  private Optional<Kind> kind(String column) {
    List<Entry> entries = job.template().map(TemplateConfig::columns).orElse(List.of());
    return entries.stream()
        .filter(entry -> Identifiers.fold(entry.name()).equals(Identifiers.fold(column)))
        .findFirst()
        .flatMap(Entry::type)
        .map(type -> type.kind());
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private void checkNames(S3Destination files) {
    Section place = EventsDestinationParser.place(section);
    for (NamePattern pattern : files.patterns()) {
      if (pattern.usesGroupName()) {
        place.conflict(
            files.prefix().usesGroupName() ? "prefix" : "file-name",
            "holds {{group_name}}, and records of events are not divided into groups",
            "leave it out");
      } else if (pattern.usesCampaignName() && job.campaign().isEmpty()) {
        place.conflict(
            files.prefix().usesCampaignName() ? "prefix" : "file-name",
            "holds {{campaign_name}}, and there is no campaign",
            "write campaign { name = … }");
      }
    }
  }
}
