package io.penstock.common.config;

import io.penstock.common.config.SyncConfig.Cursor;
import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.config.SyncConfig.StateLocation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the block {@code sync}. */
final class SyncParser {
  /** Where the state is where nothing is said. */
  private static final StateLocation STANDARD = new StateLocation.Schema("_rudderstack");

  private SyncParser() {}

  static SyncConfig parse(Section section, StoreLocations stores) {
    if (!section.has("mode")) {
      section.missing("mode", "write mode = full, upsert or mirror");
    }
    Mode mode = section.constant("mode", Mode.class, List.of());
    List<String> keys = section.texts("keys");
    if (keys.isEmpty()) {
      section.missing("keys", "write keys = [column], naming what identifies a row");
    }
    Optional<Cursor> cursor = cursor(section, mode);
    StateLocation state = state(section, stores);
    section.finish();
    return new SyncConfig(mode, keys, cursor, state);
  }

  private static Optional<Cursor> cursor(Section section, Mode mode) {
    Optional<String> column = section.text("cursor");
    Optional<Duration> lag = section.duration("lag");
    if (column.isPresent() && mode != Mode.UPSERT) {
      section.conflict(
          "cursor",
          "belongs to mode = upsert: rows that are not read cannot be told from rows that are gone",
          "write mode = upsert, or remove cursor");
    }
    if (column.isEmpty() && lag.isPresent()) {
      section.conflict(
          "lag", "belongs to a cursor, and there is none", "write cursor = column, or remove lag");
    }
    return column.map(name -> new Cursor(name, lag.orElse(Duration.ZERO)));
  }

  /** What is not written is missing only where no source is in Redshift. */
  private static StateLocation state(Section sync, StoreLocations stores) {
    if (!sync.has("state")) {
      return STANDARD;
    }
    if (!sync.isBlock("state")) {
      sync.block("state");
      return new StateLocation.Schema("");
    }
    Section section = sync.block("state");
    Optional<String> path = section.text("path");
    boolean schema = section.has("schema");
    if (path.isPresent() && schema) {
      section.conflict("schema", "stands beside path", "write one of the two");
    }
    StateLocation state =
        path.<StateLocation>map(text -> new StateLocation.Path(stores.parse(section, "path", text)))
            .orElseGet(() -> schema ? schema(section) : STANDARD);
    section.finish();
    return state;
  }

  private static StateLocation schema(Section section) {
    return new StateLocation.Schema(RedshiftTableParser.identifier(section, "schema"));
  }
}
