package io.penstock.common.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.StateSchema;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.TableauConfig;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.TableCounter;
import io.penstock.common.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code plan} and {@code check} print: schema, object keys and the SQL of each load, without
 * secrets.
 */
public final class PlanText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final RunPlan plan;
  private final List<Column> columns;
  private final Map<String, List<SqlStatement>> reads;

  private PlanText(RunPlan plan, List<Column> columns, Map<String, List<SqlStatement>> reads) {
    this.plan = plan;
    this.columns = List.copyOf(columns);
    this.reads = reads;
  }

  /**
   * The plan as lines of text.
   *
   * @param columns of the rows after mapping; empty where they are not known: SQL that needs them
   *     is left out
   * @param reads what is sent to read a source, by its name
   */
  public static List<String> lines(
      RunPlan plan, List<Column> columns, Map<String, List<SqlStatement>> reads) {
    return new PlanText(plan, columns, reads).lines();
  }

  /** As the other, where nothing is known of how sources are read. */
  public static List<String> lines(RunPlan plan, List<Column> columns) {
    return lines(plan, columns, Map.of());
  }

  /** The same as one JSON document. */
  public static ObjectNode json(
      RunPlan plan, List<Column> columns, Map<String, List<SqlStatement>> reads) {
    return new PlanText(plan, columns, reads).json();
  }

  /** As the other, where nothing is known of how sources are read. */
  public static ObjectNode json(RunPlan plan, List<Column> columns) {
    return json(plan, columns, Map.of());
  }

  private List<String> reads(SourceConfig source) {
    return reads.getOrDefault(source.name(), List.of()).stream()
        .map(SqlStatement::redacted)
        .toList();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("job " + plan.context().job() + ", run " + plan.context().runId());
    lines.add("sources");
    for (SourceConfig source : plan.jobFile().sources()) {
      lines.add("  " + source.name() + ": " + describe(source));
      reads(source).forEach(sql -> lines.add("    " + sql));
    }
    if (!columns.isEmpty()) {
      lines.add("columns");
      columns.forEach(column -> lines.add("  " + describe(column)));
    }
    plan.jobFile().sync().ifPresent(sync -> addSync(sync, lines));
    plan.rejects().ifPresent(rejects -> addDelivery("rejects", rejects, lines));
    for (DestinationPlan destination : plan.destinations()) {
      if (destination instanceof DestinationPlan.Files files) {
        addDelivery(
            "destination " + files.delivery().destination() + " (s3)", files.delivery(), lines);
      } else if (destination instanceof DestinationPlan.Table table) {
        addLoad(table.load(), lines);
      } else if (destination instanceof DestinationPlan.Events events) {
        lines.addAll(text(events).lines(PlanText::firstKey));
      }
    }
    return List.copyOf(lines);
  }

  private EventsText text(DestinationPlan.Events events) {
    return new EventsText(events.events(), plan.jobFile().sync().map(SyncConfig::mode));
  }

  private void addSync(SyncConfig sync, List<String> lines) {
    lines.add("sync");
    lines.add("  mode: " + word(sync.mode()) + " by " + String.join(", ", sync.keys()));
    sync.cursor()
        .ifPresent(
            cursor ->
                lines.add(
                    "  cursor: "
                        + cursor.column()
                        + (cursor.lag().isZero()
                            ? ""
                            : ", lag " + cursor.lag().toSeconds() + "s")));
    lines.add("  state: " + state(sync));
  }

  private String state(SyncConfig sync) {
    return StateSchema.of(plan.jobFile())
        .map(
            home ->
                home + ", tables " + new StateStatements(home.schema(), home.job()).head() + "…")
        .orElseGet(() -> sync.state().toString());
  }

  private ObjectNode sync(SyncConfig sync) {
    ObjectNode node = MAPPER.createObjectNode().put("mode", word(sync.mode()));
    sync.keys().forEach(node.putArray("keys")::add);
    return node.put("cursor", sync.cursor().map(SyncConfig.Cursor::column).orElse(null))
        .put("lagSeconds", sync.cursor().map(cursor -> cursor.lag().toSeconds()).orElse(null))
        .put("state", state(sync));
  }

  private static void addDelivery(String title, DeliveryPlan delivery, List<String> lines) {
    lines.add(title);
    lines.add("  first file: " + firstKey(delivery));
    delivery.manifest().ifPresent(key -> lines.add("  manifest: " + key(delivery, key)));
    delivery.doneFile().ifPresent(key -> lines.add("  done file: " + key(delivery, key)));
    lines.add("  mode: " + word(delivery.mode()));
  }

  private void addLoad(LoadPlan load, List<String> lines) {
    RedshiftDestination redshift = load.destination();
    lines.add("destination " + redshift.name() + " (redshift)");
    lines.add("  table: " + table(load));
    lines.add("  operation: " + load.operation());
    load.staging().ifPresent(staging -> lines.add("  staging: " + firstKey(staging)));
    redshift
        .tableau()
        .ifPresent(tableau -> lines.add("  tableau data source: " + tableau.datasource()));
    List<String> statements = statements(load);
    if (!statements.isEmpty()) {
      lines.add("  SQL");
      statements.forEach(sql -> lines.add("    " + sql));
    }
  }

  private static TableName table(LoadPlan load) {
    TableName name = load.destination().table().name();
    return load.destination().application().operation() == Operation.CREATE_NEW
        ? TableCounter.pattern(name)
        : name;
  }

  private ObjectNode json() {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("job", plan.context().job());
    node.put("runId", plan.context().runId());
    ArrayNode sources = node.putArray("sources");
    for (SourceConfig source : plan.jobFile().sources()) {
      ObjectNode read =
          sources.addObject().put("name", source.name()).put("reads", describe(source));
      if (reads.containsKey(source.name())) {
        ArrayNode sql = read.putArray("sql");
        reads(source).forEach(sql::add);
      }
    }
    ArrayNode schema = node.putArray("columns");
    for (Column column : columns) {
      schema
          .addObject()
          .put("name", column.name())
          .put("type", column.type().toString())
          .put("nullable", column.nullable())
          .put("pii", column.pii());
    }
    plan.jobFile().sync().ifPresent(sync -> node.set("sync", sync(sync)));
    plan.rejects().ifPresent(rejects -> node.set("rejects", delivery(rejects)));
    ArrayNode destinations = node.putArray("destinations");
    for (DestinationPlan destination : plan.destinations()) {
      if (destination instanceof DestinationPlan.Files files) {
        destinations.add(delivery(files.delivery()).put("type", "s3"));
      } else if (destination instanceof DestinationPlan.Table table) {
        destinations.add(load(table.load()));
      } else if (destination instanceof DestinationPlan.Events events) {
        destinations.add(text(events).json(PlanText::firstKey));
      }
    }
    return node;
  }

  private static ObjectNode delivery(DeliveryPlan delivery) {
    return MAPPER
        .createObjectNode()
        .put("name", delivery.destination())
        .put("location", delivery.location().toString())
        .put("firstFile", firstKey(delivery))
        .put("mode", word(delivery.mode()))
        .put("manifest", delivery.manifest().map(key -> key(delivery, key)).orElse(null))
        .put("doneFile", delivery.doneFile().map(key -> key(delivery, key)).orElse(null));
  }

  private ObjectNode load(LoadPlan load) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("name", load.destination().name())
            .put("type", "redshift")
            .put("table", table(load).toString())
            .put("operation", load.operation())
            .put("staging", load.staging().map(PlanText::firstKey).orElse(null))
            .put(
                "tableauDataSource",
                load.destination().tableau().map(TableauConfig::datasource).orElse(null));
    ArrayNode sql = node.putArray("sql");
    statements(load).forEach(sql::add);
    return node;
  }

  /** The SQL of a load in the order of execution, redacted. */
  private List<String> statements(LoadPlan load) {
    if (columns.isEmpty()) {
      return List.of();
    }
    return LoadScript.lines(load, columns);
  }

  private static String firstKey(DeliveryPlan delivery) {
    String directories =
        delivery.packing().entries() != null
            ? ""
            : delivery.partitionBy().stream()
                .map(column -> column + "=…/")
                .collect(Collectors.joining());
    String group = delivery.grouping().map(Grouping::directory).orElse("");
    String name = group + directories + delivery.fileName().of(1);
    return key(delivery, Grouping.of(name, delivery.grouping().map(PlanText::group).orElse("")));
  }

  private static String group(Grouping grouping) {
    return grouping.known().isEmpty() ? "{{group_name}}" : String.join("|", grouping.known());
  }

  private static String key(DeliveryPlan delivery, String key) {
    StoreLocation location = delivery.location();
    String folder = location.toString();
    return folder.endsWith("/") ? folder + key : folder + "/" + key;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String describe(Rows rows) {
    return rows instanceof Rows.Table table ? table.name().toString() : "query";
  }

  private static String describe(Column column) {
    return column.name()
        + " "
        + column.type()
        + (column.nullable() ? "" : " not null")
        + (column.pii() ? " pii" : "");
  }

  private static String describe(SourceConfig source) {
    SourceConfig.SourceFormat format = source.format();
    if (format instanceof SourceConfig.SourceFormat.Delta delta) {
      return "delta "
          + delta.path()
          + delta.version().map(version -> " version " + version).orElse("")
          + delta.timestamp().map(timestamp -> " at " + timestamp).orElse("");
    }
    if (format instanceof SourceConfig.SourceFormat.Files files) {
      return files.format() + " " + files.path();
    }
    if (format instanceof RedshiftSource redshift) {
      return "redshift " + describe(redshift.rows()) + ", reader " + word(redshift.reader());
    }
    return "table " + ((SourceConfig.SourceFormat.Table) format).table();
  }
}
