package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.JobFile;
import io.penstock.common.plan.PlanText;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.schema.Column;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.report.TextTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "plan",
    description = "Explains what run would do: schema, object keys, exact SQL. Reads schemas only.")
final class PlanCommand extends JobCommand {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    JobFile file = load();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    RunPlan plan = RunPlans.plan(file, options.context(file, now, principal()));
    try (JobWiring wiring =
        new JobWiring(
            file, new Progress(System.err, Progress.Style.NONE), ReadFolder.ofLook(file))) {
      Mapped mapped = mapped(wiring, file);
      if (wantsJson()) {
        out().println(document(plan, mapped, reads(wiring, mapped)));
      } else {
        print(plan, mapped, reads(wiring, mapped));
      }
    }
    return 0;
  }

  private static Mapped mapped(JobWiring wiring, JobFile file) {
    try {
      return wiring.map(file);
    } catch (Exception failure) {
      throw wiring.translate(failure);
    }
  }

  /** Which columns a source has to give shows when Spark has optimized the plan. */
  private static Map<String, List<SqlStatement>> reads(JobWiring wiring, Mapped mapped) {
    try {
      mapped.rows().queryExecution().optimizedPlan();
      return wiring.plannedReads();
    } catch (Exception failure) {
      throw wiring.translate(failure);
    }
  }

  private void print(RunPlan plan, Mapped mapped, Map<String, List<SqlStatement>> reads) {
    StructType schema = mapped.rows().schema();
    List<List<String>> rows =
        mapped.columns().stream()
            .map(
                column ->
                    List.of(
                        column.name(),
                        column.type().toString(),
                        schema
                            .apply(column.name())
                            .dataType()
                            .sql()
                            .toLowerCase(java.util.Locale.ROOT),
                        column.nullable() ? "" : "not null",
                        column.pii() ? "pii" : ""))
            .toList();
    TextTable.lines(List.of("column", "type", "spark type", "", ""), rows).forEach(out()::println);
    out().println();
    PlanText.lines(plan, mapped.columns(), reads).forEach(out()::println);
    out().flush();
  }

  private static ObjectNode document(
      RunPlan plan, Mapped mapped, Map<String, List<SqlStatement>> reads) {
    ObjectNode document = new ObjectMapper().createObjectNode();
    ArrayNode columns = document.putArray("schema");
    StructType schema = mapped.rows().schema();
    for (Column column : mapped.columns()) {
      columns
          .addObject()
          .put("name", column.name())
          .put("type", column.type().toString())
          .put("sparkType", schema.apply(column.name()).dataType().sql())
          .put("nullable", column.nullable())
          .put("pii", column.pii());
    }
    document.set("plan", PlanText.json(plan, mapped.columns(), reads));
    return document;
  }
}
