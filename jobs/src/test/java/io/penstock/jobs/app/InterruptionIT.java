package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM and Ctrl-C, and two runs of one job at once. */
class InterruptionIT {
  private static final long LONGEST_END_MILLIS = 18_000;
  private static final long LONGEST_WAIT_MILLIS = 400_000;
  private static final String RUN_ID = "told-to-end";

  private static final String JOB =
      """
      job = "waiting"
      sources {
        numbers { format = csv, path = "../numbers.csv", schema = "id BIGINT", options { header = "true" } }
      }
      destinations {
        files { type = s3, $s3, prefix = "$scene/files", format = csv, done-file = ".DONE" }
        warehouse { $warehouse, write = append, pre-sql = ["SELECT pg_sleep(55)"] }
      }
      """;

  @TempDir static Path temporary;

  @BeforeAll
  static void source() throws Exception {
    Files.writeString(temporary.resolve("numbers.csv"), "id\n1\n2\n3\n");
  }

  private static PenstockProcess start(RunScene scene, String runId) throws Exception {
    return PenstockProcess.start(
        scene.folder(), List.of("run", scene.jobFile(JOB).toString(), "--run-id", runId, "--json"));
  }

  private static void awaitLine(PenstockProcess run, String text) throws Exception {
    long begin = System.nanoTime();
    while (!run.hasSaid(text)) {
      assertThat(run.isAlive()).as(run.err()).isTrue();
      assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(LONGEST_WAIT_MILLIS);
      Thread.sleep(10);
    }
  }

  private static void endsInterrupted(PenstockProcess run, String signal) throws Exception {
    long begin = System.nanoTime();
    run.signal(signal);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(130);
    assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(LONGEST_END_MILLIS);
    assertThat(run.ended().json().path("status").asText()).isEqualTo("failed");
    assertThat(run.ended().json().path("runId").asText()).isEqualTo(RUN_ID);
    assertThat(run.ended().json().at("/error/code").asText()).isEqualTo("INTERRUPTED");
    assertThat(run.err()).contains("INTERRUPTED: the run was interrupted");
  }

  private static JsonNode recorded(RunScene scene) throws Exception {
    return new ObjectMapper()
        .readTree(Files.readAllBytes(scene.state("waiting", RUN_ID, "result.json")));
  }

  @Test
  void aRunningStatementIsCancelledAndASecondRunIsRefusedBefore() throws Exception {
    RunScene scene = new RunScene("term_in_sql", temporary.resolve("term_in_sql"));
    try (PenstockProcess run = start(scene, RUN_ID)) {
      awaitLine(run, "warehouse: publishing");
      PenstockProcess other = start(scene, "another");
      assertThat(other.exitCode()).as(other.err()).isEqualTo(9);
      assertThat(other.ended().json().at("/error/code").asText()).isEqualTo("TARGET_HELD");
      assertThat(scene.rows("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(55)%'"))
          .isNotEmpty();

      endsInterrupted(run, "TERM");
    }

    assertThat(recorded(scene).at("/error/code").asText()).isEqualTo("INTERRUPTED");
    assertThat(recorded(scene).at("/destinations/0/status").asText()).isEqualTo("not-started");
    assertThat(recorded(scene).at("/destinations/1/status").asText()).isEqualTo("failed");
    assertThat(scene.rows("SELECT status, error_code FROM " + scene.stateSchema() + ".runs"))
        .containsExactly("failed|INTERRUPTED");
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.openUploads()).isEmpty();
    assertThat(scene.stateTables()).containsExactly("runs");
    assertThat(scene.rows("SELECT 1 FROM pg_class WHERE relname = 'term_in_sql'")).isEmpty();
  }

  @Test
  void beforeTheSessionIsUp() throws Exception {
    RunScene scene = new RunScene("term_at_start", temporary.resolve("term_at_start"));
    try (PenstockProcess run = start(scene, RUN_ID)) {
      awaitLine(run, "waiting: starting Spark");

      endsInterrupted(run, "TERM");
    }

    assertThat(recorded(scene).at("/error/code").asText()).isEqualTo("INTERRUPTED");
  }

  @Test
  void controlCWhileStaging() throws Exception {
    RunScene scene = new RunScene("int_staging", temporary.resolve("int_staging"));
    try (PenstockProcess run = start(scene, RUN_ID)) {
      awaitLine(run, "files: staging");

      endsInterrupted(run, "INT");
    }

    assertThat(recorded(scene).at("/error/code").asText()).isEqualTo("INTERRUPTED");
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.openUploads()).isEmpty();
  }
}
