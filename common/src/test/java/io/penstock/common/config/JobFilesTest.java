package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobFilesTest {
  private static final Path FULL = Path.of("src/test/resources/jobs/full.conf");

  @Test
  void loadsEveryPartOfAFullJobFile() {
    JobFile job = JobFiles.load(FULL, Overrides.none());
    System.out.println(job);
    assertThat(job.job()).isEqualTo("customer-profiles");
  }
}
