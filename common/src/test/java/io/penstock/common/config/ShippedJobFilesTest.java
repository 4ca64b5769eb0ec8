package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every job file and overlay below {@code conf} loads. */
class ShippedJobFilesTest {
  private static final Path CONF = Path.of("..", "conf");

  /** What conf/env/local.conf takes from the environment. */
  private static final Map<String, String> LOCAL =
      Map.of(
          "definitions.lake", "/lake",
          "definitions.s3.endpoint", "http://127.0.0.1:9000",
          "definitions.s3.credentials.access-key", "AK",
          "definitions.redshift.endpoint-override", "127.0.0.1:5439",
          "definitions.redshift.database", "dev",
          "definitions.redshift.user", "penstock");

  static List<Path> jobFiles() throws IOException {
    return confFiles("jobs");
  }

  private static List<Path> confFiles(String folder) throws IOException {
    try (Stream<Path> files = Files.list(CONF.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("jobFiles")
  void loadsAloneAndUnderEveryOverlay(Path file) throws IOException {
    JobFile alone = JobFiles.load(file, Overrides.none());
    for (Path overlay : confFiles("env")) {
      Map<String, String> definitions = overlay.endsWith("local.conf") ? LOCAL : Map.of();
      JobFile job = JobFiles.load(file, new Overrides(definitions, Optional.of(overlay)));

      assertThat(job.destinations()).hasSameSizeAs(alone.destinations());
    }
  }

  @Test
  void theMainJobIsOneOfThem() throws IOException {
    assertThat(jobFiles()).contains(CONF.resolve("jobs/customer-profiles.conf"));
  }
}
