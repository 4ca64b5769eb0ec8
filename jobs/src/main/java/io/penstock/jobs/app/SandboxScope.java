package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import java.util.function.Function;

/** Runs one command against a sandbox of its own, where that was asked for. */
final class SandboxScope {
  private SandboxScope() {}

  static <T> T around(JobFile file, boolean sandbox, Function<JobFile, T> command) {
    if (!sandbox) {
      return command.apply(file);
    }
    try (SandboxServer server =
        SandboxServer.start(SandboxRedirect.buckets(file), SandboxRedirect.sendsEvents(file))) {
      return command.apply(server.redirect().apply(file));
    }
  }
}
