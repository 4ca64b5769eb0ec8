package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.ScheduleConfig;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.report.TextTable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "schedule",
    description =
        "Prints the next runs that the job file's schedule means, or a definition by which another"
            + " scheduler starts the job on EMR at those times. Touches nothing.")
final class ScheduleCommand extends JobCommand {
  private static final int MOST = 10_000;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm xxx", Locale.ROOT);

  @Option(
      names = "--next",
      paramLabel = "N",
      description = "how many runs (default ${DEFAULT-VALUE})",
      defaultValue = "5")
  private int next;

  @Option(
      names = "--after",
      paramLabel = "TIME",
      description = "runs after this time, such as 2026-11-21T06:00:00Z; default: now")
  private @Nullable String after;

  @Mixin private EmitOptions emit = new EmitOptions();

  @Override
  public Integer call() {
    JobFile file = load();
    ScheduleConfig schedule =
        file.schedule()
            .orElseThrow(
                () ->
                    PenstockException.of(
                        ErrorCode.CONFIG_MISSING_KEY,
                        "job " + file.job() + " has no schedule",
                        "the job file has no block schedule",
                        "write schedule { every = \"30 minutes\", starting-at = \"06:00\", zone ="
                            + " \"Europe/Berlin\" }, or schedule { cron = \"0 6 * * MON-FRI\" }"));
    Instant start = start();
    if (emit.isAsked()) {
      out().print(emit.definition(file.job(), schedule, start, this));
    } else {
      printRuns(file.job(), schedule, start);
    }
    out().flush();
    return 0;
  }

  private Instant start() {
    if (next < 0 || next > MOST) {
      throw PenstockException.of(
          ErrorCode.USAGE,
          "--next " + next + " is no number of runs",
          "it is not between 0 and " + MOST,
          "write --next 5");
    }
    if (after == null) {
      return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
    try {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(after, Instant::from);
    } catch (DateTimeException e) {
      throw PenstockException.of(
          ErrorCode.USAGE,
          "--after is no time with an offset",
          "it does not parse as ISO 8601",
          "write --after 2026-11-21T06:00:00Z or 2026-11-21T07:00:00+01:00",
          e);
    }
  }

  private void printRuns(String job, ScheduleConfig schedule, Instant start) {
    ZoneId zone = schedule.schedule().zone();
    List<Instant> runs = schedule.schedule().next(start, next);
    if (wantsJson()) {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("job", job).put("schedule", schedule.text()).put("zone", zone.getId());
      ArrayNode all = document.putArray("next");
      for (Instant run : runs) {
        String local = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(run.atZone(zone));
        all.addObject().put("at", local).put("utc", run.toString());
      }
      out().println(document);
      return;
    }
    if (!isQuiet()) {
      out().println(job + ": " + schedule.text());
    }
    TextTable.lines(
            List.of(zone.getId(), "UTC"),
            runs.stream()
                .map(run -> List.of(CLOCK.format(run.atZone(zone)), run.toString()))
                .toList())
        .forEach(out()::println);
  }
}
