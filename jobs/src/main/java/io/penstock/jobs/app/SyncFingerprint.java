package io.penstock.jobs.app;

import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.EventsDestination.Content;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.TemplateConfig;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Origin;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.jobs.sync.Fingerprint;
import io.penstock.jobs.sync.Fingerprint.Part;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What the rows of a job's sync depend on, and who gets them. */
final class SyncFingerprint {
  private SyncFingerprint() {}

  /**
   * @param columns of the rows after mapping
   * @param source the schema of the rows before
   */
  static Fingerprint of(JobFile job, SyncConfig sync, List<Column> columns, StructType source) {
    Fingerprint fingerprint = new Fingerprint();
    for (String key : sync.keys()) {
      columns.stream()
          .filter(column -> Identifiers.fold(column.name()).equals(Identifiers.fold(key)))
          .forEach(column -> fingerprint.add(Part.KEYS, column.name(), text(column)));
    }
    fingerprint.add(Part.SETTINGS, "", "mode " + sync.mode());
    sync.cursor()
        .ifPresent(cursor -> fingerprint.add(Part.SETTINGS, "", "cursor " + cursor.column()));
    job.query().ifPresent(query -> fingerprint.add(Part.QUERY, "", query));
    job.template().ifPresent(template -> add(template, fingerprint));
    columns.forEach(column -> fingerprint.add(Part.TEMPLATE, column.name(), text(column)));
    for (StructField field : source.fields()) {
      fingerprint.add(
          Part.SCHEMA, field.name(), field.name() + " " + field.dataType().catalogString());
    }
    for (DestinationConfig destination : job.destinations()) {
      fingerprint.add(Part.RECEIVERS, destination.name(), destination.receiver());
      if (destination instanceof EventsDestination events) {
        fingerprint.add(Part.EVENTS, events.name(), text(events));
      }
    }
    return fingerprint;
  }

  private static void add(TemplateConfig template, Fingerprint fingerprint) {
    fingerprint.add(Part.TEMPLATE, "", "on-bad-value " + template.onBadValue());
    for (Entry entry : template.columns()) {
      fingerprint.add(Part.TEMPLATE, entry.name(), entry.name() + " " + text(entry.origin()));
    }
  }

  private static String text(Origin origin) {
    if (origin instanceof Origin.From from) {
      return "from " + from.column();
    }
    return origin instanceof Origin.Expression expression
        ? "expr " + expression.sql()
        : "value " + ((Origin.Value) origin).text();
  }

  private static String text(EventsDestination events) {
    Content content = events.content();
    return String.join(
        "\0",
        events.name(),
        events.event().toString(),
        events.identity().toString(),
        content.traits().map(traits -> new TreeMap<>(traits).toString()).orElse("every column"),
        new TreeMap<>(content.constants()).toString(),
        content.timestamp().orElse(""));
  }

  private static String text(Column column) {
    return column.name() + " " + column.type() + (column.nullable() ? "" : " not null");
  }
}
