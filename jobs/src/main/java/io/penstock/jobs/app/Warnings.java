package io.penstock.jobs.app;

import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.config.JobFile;
import java.util.List;

/** What a job file may ask for and had better not. */
final class Warnings {
  private Warnings() {}

  /** A sentence for each, without its full stop. */
  static List<String> of(JobFile file) {
    return file.destinations().stream()
        .filter(
            destination ->
                destination instanceof EventsDestination events
                    && events.to() instanceof Target.Http http
                    && http.isExposed())
        .map(
            destination ->
                "destinations."
                    + destination.name()
                    + " sends its write key and its records unencrypted (allow-plain-http)")
        .toList();
  }
}
