package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.ExitCode;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.verify.CheckResult;
import io.penstock.jobs.verify.CheckResult.Status;
import io.penstock.jobs.verify.Verification;
import io.penstock.jobs.verify.VerificationReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "verify",
    description = "Live validations of everything the job touches; leaves nothing behind.")
final class VerifyCommand extends JobCommand {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    Interruption.handle();
    JobFile file = load();
    file.access().requireUse(principal());
    List<CheckResult> results = SandboxScope.around(file, options.sandbox(), this::verify);
    if (wantsJson()) {
      out().println(VerificationReport.document(file.job(), results));
    }
    long failed = results.stream().filter(result -> result.status() == Status.FAILED).count();
    if (failed == 0) {
      return ExitCode.DONE.status();
    }
    err()
        .printf(
            "%s: %d of %d checks failed%n", ErrorCode.VERIFICATION_FAILED, failed, results.size());
    return ExitCode.VERIFICATION.status();
  }

  private List<CheckResult> verify(JobFile file) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    RunPlan plan = RunPlans.plan(file, options.context(file, now, principal()));
    try (JobWiring wiring =
        new JobWiring(
            file, new Progress(System.err, Progress.Style.NONE), ReadFolder.ofLook(file))) {
      Interruption.cancelsWith(wiring::cancel);
      return new Verification(wiring::translate, this::print).run(JobChecks.of(plan, wiring));
    }
  }

  /** Ends the verification where a signal came: what the check left unsaid is not its failure. */
  private void print(CheckResult result) {
    Interruption.check();
    if (wantsJson()) {
      return;
    }
    if (!isQuiet()) {
      out().println(VerificationReport.line(result));
      out().flush();
    } else if (result.status() == Status.FAILED) {
      err().println(VerificationReport.line(result));
    }
  }
}
