package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunContext;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that stand for one run. */
final class RunOptions {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** What Airflow, Step Functions and cron make of a run, and a key can hold. */
  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:+=-]{0,127}");

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "names the run; a run id that is done is not run again")
  private @Nullable String runId;

  @Option(
      names = "--sandbox",
      description = "sends everything to an embedded S3 and Redshift, for this command alone")
  private boolean sandbox;

  boolean sandbox() {
    return sandbox;
  }

  RunContext context(JobFile file, Instant now, Optional<String> principal) {
    return new RunContext(file.job(), runId(now), now, principal);
  }

  private String runId(Instant now) {
    if (runId == null) {
      runId = TIME.format(now) + "-%06x".formatted(new SecureRandom().nextInt(1 << 24));
    }
    if (!RUN_ID.matcher(runId).matches()) {
      throw PenstockException.of(
          ErrorCode.USAGE,
          "the run id cannot be part of an object key",
          "it does not match " + RUN_ID.pattern(),
          "use letters, digits and . _ : + = -, at most 128 characters");
    }
    return runId;
  }
}
