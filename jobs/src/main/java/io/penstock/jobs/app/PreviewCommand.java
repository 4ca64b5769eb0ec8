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
import io.penstock.common.schema.Column;
import io.penstock.jobs.deliver.Sample;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.map.Masking;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.report.TextTable;
import java.util.List;
import java.util.Optional;
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
      names = "--sandbox",
      description = "reads against an embedded S3 and Redshift, for this command alone")
  private boolean sandbox;

  @Option(
      names = "--diff",
      description = "how many rows the next sync would insert, update and delete, and some of them")
  private boolean diff;

  /** Rows to show, under the columns' names. */
  private record Shown(
      List<String> columns,
      List<String> masked,
      List<Sample> rows,
      Optional<UpcomingChanges> upcoming) {}

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
    }
    return 0;
  }

  private Shown preview(JobFile file) {
    boolean showsPii = file.access().showsPii(principal());
    try (JobWiring wiring = new JobWiring(file, new Progress(System.err, Progress.Style.NONE))) {
      try {
        Mapped mapped = wiring.map(file);
        Optional<UpcomingChanges> upcoming =
            diff
                ? Optional.of(UpcomingChanges.of(wiring, file, mapped, rows))
                : Optional.empty();
        Optional<Dataset<Row>> samples = upcoming.flatMap(UpcomingChanges::samples);
        List<Column> columns =
            samples.isPresent() ? UpcomingChanges.columns(mapped.columns()) : mapped.columns();
        Dataset<Row> first = samples.orElseGet(() -> mapped.rows().limit(diff ? 0 : rows));
        List<String> masked =
            showsPii ? List.of() : columns.stream().filter(Column::pii).map(Column::name).toList();
        return new Shown(
            columns.stream().map(Column::name).toList(),
            masked,
            Sample.of(showsPii ? first : Masking.mask(first, columns)),
            upcoming);
      } catch (Exception failure) {
        throw wiring.translate(failure);
      } finally {
        wiring.release();
      }
    }
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
    return document;
  }
}
