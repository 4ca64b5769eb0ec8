package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.JobFile;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "check", description = "Parses and validates the job file; touches nothing.")
final class CheckCommand extends JobCommand {
  @Override
  public Integer call() {
    JobFile file = load();
    InlineKeys.check(file, Instant.now());
    List<String> warnings = Warnings.of(file);
    if (wantsJson()) {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("job", file.job()).put("status", "ok").putArray("problems");
      if (!warnings.isEmpty()) {
        warnings.forEach(document.putArray("warnings")::add);
      }
      out().println(document);
    } else if (!isQuiet()) {
      warnings.forEach(warning -> err().println("warning: " + warning));
      out()
          .printf(
              "ok: job %s, %d source(s), %d destination(s)%n",
              file.job(), file.sources().size(), file.destinations().size());
    }
    return 0;
  }
}
