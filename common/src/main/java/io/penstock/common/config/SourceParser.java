package io.penstock.common.config;

import io.penstock.common.config.SourceConfig.SourceFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads one source. */
final class SourceParser {
  private static final Pattern USER_INFO = Pattern.compile("[A-Za-z0-9+.-]+://[^/]*@.*");

  private final Scope scope;
  private final Section defaults;

  /**
   * @param defaults of sources, by format
   */
  SourceParser(Scope scope, Section defaults) {
    this.scope = scope;
    this.defaults = defaults;
  }

  /** The source; empty where its format cannot be told or is not of this version. */
  Optional<SourceConfig> parse(String name, Section section) {
    List<String> formats = List.of("delta", "parquet", "avro", "json", "csv", "table", "redshift");
    if (!section.has("format")) {
      section.missing("format", "write one of " + String.join(", ", formats));
      return Optional.empty();
    }
    String written = section.text("format").orElse("");
    String format = section.word("format", formats, List.of());
    if (!format.equals(written)) {
      return Optional.empty();
    }
    if (format.equals("redshift")) {
      return Optional.of(new SourceConfig(name, redshift(section)));
    }
    SourceFormat parsed =
        switch (format) {
          case "delta" -> delta(section);
          case "table" ->
              new SourceFormat.Table(
                  section.requiredText("table", "write the table as database.table"));
          default ->
              new SourceFormat.Files(
                  format, path(section), section.text("schema"), section.flattened("options"));
        };
    section.finish();
    return Optional.of(new SourceConfig(name, parsed));
  }

  private RedshiftSource redshift(Section written) {
    Section section = written.over(defaults.object().get("redshift"));
    section.has("format");
    S3AccessParser access = new S3AccessParser(new SecretParser(scope));
    RedshiftSource source =
        new RedshiftSourceParser(new RedshiftConnectionParser(scope, access), access)
            .parse(written, section);
    section.finish();
    return source;
  }

  private SourceFormat delta(Section section) {
    OptionalLong version = section.number("version", 0, Long.MAX_VALUE);
    Optional<String> timestamp = section.text("timestamp");
    if (section.has("version") && section.has("timestamp")) {
      section.conflict("timestamp", "stands beside version", "write one of the two");
    }
    if (timestamp.isPresent() && !section.isUnresolved("timestamp") && !isTime(timestamp.get())) {
      section.invalid(
          "timestamp",
          Values.shown(timestamp.get()) + " is not a time",
          "write one such as 2026-11-01T00:00:00Z");
    }
    return new SourceFormat.Delta(
        path(section),
        version.isPresent() ? Optional.of(version.getAsLong()) : Optional.empty(),
        timestamp);
  }

  private static boolean isTime(String text) {
    String iso = text.strip().replaceFirst(" ", "T");
    return parses(() -> Instant.parse(iso))
        || parses(() -> OffsetDateTime.parse(iso))
        || parses(() -> LocalDateTime.parse(iso))
        || parses(() -> LocalDate.parse(iso));
  }

  private static boolean parses(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private String path(Section section) {
    String path = section.requiredText("path", "write a path or a URI such as s3a://bucket/path");
    if (USER_INFO.matcher(path).matches()) {
      section.invalid(
          "path",
          "holds credentials",
          "take them out of the path; the default credential chain or Spark's settings give them");
      return "";
    }
    return path.isBlank() ? path : scope.base().resolve(path);
  }
}
