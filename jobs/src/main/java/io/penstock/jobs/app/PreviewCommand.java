package io.penstock.jobs.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.JobFile;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.common.schema.Column;
import io.penstock.jobs.deliver.Sample;
import io.penstock.jobs.events.EventSample;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.map.Masking;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.report.TextTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "preview",
    description =
        "The first rows after mapping, as a table and as JSON; personal data are masked unless the"
            + " principal may see them.")
final class PreviewCommand extends JobCommand {
  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "how many rows (default ${DEFAULT-VALUE})",
      defaultValue = "10")
  private int rows;

  @Option(
      names = "--columns",
      paramLabel = "PATTERN",
      description = "only columns whose names hold the text; * and ? stand for any characters",
      defaultValue = "*")
  private String keyword = "*";

  @Option(
      names = "--sandbox",
      description = "reads against an embedded S3 and Redshift, for this command alone")
  private boolean sandbox;

  @Option(
      names = "--diff",
      description = "how many rows the next sync would insert, update and delete, and some of them")
  private boolean diff;

  /**
   * Rows to show, under the columns' names.
   *
   * @param events the records that destinations of type {@code events} would get, by their names
   */
  private record Shown(
      List<String> columns,
      List<String> masked,
      List<Sample> rows,
      Map<String, List<String>> events,
      Optional<UpcomingChanges> upcoming) {
    Shown with(UpcomingChanges changes) {
      return new Shown(columns, masked, rows, events, Optional.of(changes));
    }
  }

  @Override
  public Integer call() throws JsonProcessingException {
    if (rows < 0) {
      throw PenstockException.of(
          ErrorCode.USAGE,
          "--rows " + rows + " is no number of rows",
          "it is below 0",
          "write --rows 10");
    }
    JobFile file = load();
    Shown shown = SandboxScope.around(file, sandbox, this::preview);
    if (wantsJson()) {
      out().println(document(file, shown));
    } else {
      shown.upcoming().ifPresent(upcoming -> upcoming.lines().forEach(out()::println));
      TextTable.lines(shown.columns(), shown.rows().stream().map(Sample::cells).toList())
          .forEach(out()::println);
      out().println();
      shown.rows().forEach(row -> out().println(row.json()));
      shown
          .events()
          .forEach(
              (destination, records) -> {
                out().printf("%nevents of %s%n", destination);
                records.forEach(out()::println);
              });
    }
    return 0;
  }

  private Shown preview(JobFile file) {
    boolean showsPii = file.access().showsPii(principal());
    try (JobWiring wiring =
        new JobWiring(
            file, new Progress(System.err, Progress.Style.NONE), ReadFolder.ofLook(file))) {
      try {
        Mapped mapped = wiring.map(file);
        return diff
            ? shown(UpcomingChanges.of(wiring, file, mapped, rows), file, mapped, showsPii)
            : shown(mapped.rows().limit(rows), mapped.columns(), events(file), showsPii);
      } catch (Exception failure) {
        throw wiring.translate(failure);
      } finally {
        wiring.release();
      }
    }
  }

  private Shown shown(UpcomingChanges upcoming, JobFile file, Mapped mapped, boolean showsPii) {
    Dataset<Row> samples = upcoming.samples().orElseGet(() -> mapped.rows().limit(0));
    List<Column> columns =
        upcoming.samples().isPresent()
            ? UpcomingChanges.columns(mapped.columns())
            : mapped.columns();
    List<EventsPlan> events =
        upcoming.samples().isPresent()
            ? events(file).stream()
                .map(plan -> plan.ofSync(file.sync().orElseThrow().keys()))
                .toList()
            : List.of();
    return shown(samples, columns, events, showsPii).with(upcoming);
  }

  private Shown shown(
      Dataset<Row> first, List<Column> columns, List<EventsPlan> events, boolean showsPii) {
    Dataset<Row> visible = showsPii ? first : Masking.mask(first, columns);
    if (!events.isEmpty()) {
      // the table and the records are of the same rows
      visible.persist();
    }
    List<String> names =
        new ColumnSearch(keyword).among(columns.stream().map(Column::name).toList());
    List<String> masked =
        columns.stream()
            .filter(column -> column.pii() && !showsPii && names.contains(column.name()))
            .map(Column::name)
            .toList();
    Map<String, List<String>> records = new LinkedHashMap<>();
    for (EventsPlan plan : events) {
      records.put(plan.destination().name(), EventSample.of(visible, plan));
    }
    return new Shown(names, masked, Sample.of(chosen(visible, names)), records, Optional.empty());
  }

  private static Dataset<Row> chosen(Dataset<Row> rows, List<String> names) {
    return rows.select(
        names.stream()
            .map(name -> rows.col("`" + name.replace("`", "``") + "`"))
            .toArray(org.apache.spark.sql.Column[]::new));
  }

  private List<EventsPlan> events(JobFile file) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    RunContext context = new RunContext(file.job(), "preview", now, principal());
    return RunPlans.plan(file, context).destinations().stream()
        .flatMap(
            plan ->
                plan instanceof DestinationPlan.Events events
                    ? Stream.of(events.events())
                    : Stream.empty())
        .toList();
  }

  private static ObjectNode document(JobFile file, Shown shown) throws JsonProcessingException {
    ObjectMapper json =
        new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));
    ObjectNode document = json.createObjectNode().put("job", file.job());
    ArrayNode masked = document.putArray("masked");
    shown.masked().forEach(masked::add);
    shown.upcoming().ifPresent(upcoming -> upcoming.addTo(document));
    ArrayNode all = document.putArray("rows");
    for (Sample row : shown.rows()) {
      all.add(json.readTree(row.json()));
    }
    if (!shown.events().isEmpty()) {
      ObjectNode events = document.putObject("events");
      for (Map.Entry<String, List<String>> records : shown.events().entrySet()) {
        ArrayNode array = events.putArray(records.getKey());
        for (String record : records.getValue()) {
          array.add(json.readTree(record));
        }
      }
    }
    return document;
  }
}
