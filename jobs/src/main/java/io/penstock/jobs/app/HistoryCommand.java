package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.plan.LedgerStatements;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecordJson;
import io.penstock.jobs.load.Ledger;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.report.TextTable;
import io.penstock.jobs.store.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "history", description = "Earlier runs of the job, newest first.")
final class HistoryCommand extends JobCommand {
  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "how many runs (default ${DEFAULT-VALUE})",
      defaultValue = "20")
  private int rows;

  @Override
  public Integer call() {
    List<RunRecord> runs = runs(load());
    if (wantsJson()) {
      ObjectNode document = new ObjectMapper().createObjectNode();
      ArrayNode all = document.putArray("runs");
      runs.forEach(run -> all.add(RunRecordJson.node(run)));
      out().println(document);
    } else {
      TextTable.lines(
              List.of("run id", "status", "started", "seconds", "rows", "rejected", "error"),
              runs.stream().map(HistoryCommand::cells).toList())
          .forEach(out()::println);
    }
    return 0;
  }

  /** The state location's records, and those of ledgers that it does not have. */
  private List<RunRecord> runs(JobFile file) {
    Map<String, RunRecord> runs = new LinkedHashMap<>();
    try (ObjectStore state = Stores.open(file.state())) {
      new RunRecords(state, file.job()).history().forEach(run -> runs.put(run.runId(), run));
    }
    for (DestinationConfig destination : file.destinations()) {
      if (destination instanceof RedshiftDestination table) {
        new Ledger(table, Stores.secrets())
            .history(file.job(), rows)
            .forEach(run -> runs.putIfAbsent(LedgerStatements.runOf(run.runId()), run));
      }
    }
    List<RunRecord> newestFirst = new ArrayList<>(runs.values());
    newestFirst.sort(Comparator.comparing(RunRecord::startedAt).reversed());
    return newestFirst.stream().limit(Math.max(0, rows)).toList();
  }

  private static List<String> cells(RunRecord run) {
    double seconds = Duration.between(run.startedAt(), run.endedAt()).toMillis() / 1000.0;
    return List.of(
        run.runId(),
        run.status().text(),
        run.startedAt().toString(),
        String.format(Locale.ROOT, "%.1f", seconds),
        Long.toString(run.rowsRead()),
        Long.toString(run.rowsRejected()),
        run.error().map(RunRecord.RunError::code).orElse(""));
  }
}
