package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecordJson;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.record.RunLock;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.report.Summary;
import io.penstock.jobs.store.ObjectStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "run", description = "Runs the job.")
final class RunCommand extends JobCommand {
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--full",
      description = "a sync sends all rows, and starts anew where its state is lost or damaged")
  private boolean full;

  @Override
  public Integer call() {
    Interruption.handle();
    JobFile file = load();
    if (full && file.sync().isEmpty()) {
      throw PenstockException.of(
          ErrorCode.USAGE,
          "--full is for a job with a sync",
          "job " + file.job() + " has none: every run delivers all rows",
          "leave --full out");
    }
    file.access().requireUse(principal());
    if (!isQuiet()) {
      Warnings.of(file).forEach(warning -> err().println("warning: " + warning));
    }
    RunRecord record = SandboxScope.around(file, options.sandbox(), this::run);
    print(record);
    return 0;
  }

  private RunRecord run(JobFile file) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    RunContext asked = options.context(file, now, principal());
    try (Progress progress = new Progress(System.err, style());
        ObjectStore state = Stores.open(file.state());
        RunLock lock = RunLock.acquire(file.state(), state, file.job(), asked.runId());
        SyncLock syncLock = SyncLock.acquire(file, asked.runId());
        JobWiring wiring = new JobWiring(file, progress, ReadFolder.ofRun(file), full)) {
      Interruption.cancelsWith(wiring::cancel);
      Interruption.check();
      RunRecords records = new RunRecords(state, file.job());
      RunContext context = asked.withNow(records.startOf(asked.runId(), now));
      return new JobRunner(records, wiring, progress).run(RunPlans.plan(file, context));
    }
  }

  private Progress.Style style() {
    return isQuiet() ? Progress.Style.NONE : Progress.styleOfConsole();
  }

  private void print(RunRecord record) {
    if (wantsJson()) {
      out().println(RunRecordJson.text(record));
    } else if (!isQuiet()) {
      Summary.lines(record).forEach(out()::println);
    }
  }
}
