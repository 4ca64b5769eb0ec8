package io.penstock.jobs.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.JobFile;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.map.Masking;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.report.TextTable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "preview",
    description = "The first rows after mapping, as a table and as JSON; pii columns are masked.")
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

  @Override
  public Integer call() throws JsonProcessingException {
    List<String> records = SandboxScope.around(load(), sandbox, this::preview);
    if (wantsJson()) {
      ObjectMapper json = new ObjectMapper();
      ObjectNode document = json.createObjectNode();
      ArrayNode all = document.putArray("rows");
      for (String record : records) {
        all.add(json.readTree(record));
      }
      out().println(document);
    }
    return 0;
  }

  /** Prints the table unless JSON is asked for; returns the records. */
  private List<String> preview(JobFile file) {
    try (JobWiring wiring = new JobWiring(file, new Progress(System.err, Progress.Style.NONE))) {
      try {
        Mapped mapped = wiring.map(file);
        Dataset<Row> first = Masking.mask(mapped.rows().limit(Math.max(0, rows)), mapped.columns());
        List<String> records = List.of((String[]) first.toJSON().collect());
        if (!wantsJson()) {
          print(first);
          out().println();
          records.forEach(out()::println);
        }
        return records;
      } catch (Exception failure) {
        throw wiring.translate(failure);
      } finally {
        wiring.release();
      }
    }
  }

  private void print(Dataset<Row> rows) {
    List<String> names = Arrays.asList(rows.columns());
    org.apache.spark.sql.Column[] texts =
        names.stream()
            .map(name -> functions.col("`" + name.replace("`", "``") + "`").cast("string"))
            .toArray(org.apache.spark.sql.Column[]::new);
    List<List<String>> cells =
        rows.select(texts).collectAsList().stream().map(row -> cells(row, names.size())).toList();
    TextTable.lines(names, cells).forEach(out()::println);
  }

  private static List<String> cells(Row row, int count) {
    String[] cells = new String[count];
    for (int i = 0; i < count; i++) {
      cells[i] = row.isNullAt(i) ? "NULL" : row.getString(i);
    }
    return List.of(cells);
  }
}
