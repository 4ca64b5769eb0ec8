package io.penstock.jobs.app;

import io.penstock.common.config.ConfigProblem;
import io.penstock.common.config.ConfigurationException;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.S3Destination;
import io.penstock.jobs.deliver.pgp.PgpEncryption;
import java.time.Instant;
import java.util.List;

/** Examines the OpenPGP keys that a job file holds itself; keys elsewhere are not resolved. */
final class InlineKeys {
  private InlineKeys() {}

  /**
   * @throws ConfigurationException with every key that cannot be used
   */
  static void check(JobFile file, Instant now) {
    List<ConfigProblem> problems =
        file.destinations().stream()
            .flatMap(destination -> S3Destination.of(destination).stream())
            .flatMap(files -> files.pgp().stream())
            .flatMap(pgp -> PgpEncryption.problems(pgp, now).stream())
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }
}
