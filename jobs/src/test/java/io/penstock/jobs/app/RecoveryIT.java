package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whenever a driver is killed, the next run with the same run id leaves what an undisturbed run
 * leaves, and nothing else.
 */
class RecoveryIT {
  private static final int ROWS = 4000;
  private static final int FILES = 4;
  private static final long LONGEST_WAIT_MILLIS = 60_000;
  private static final String RUN_ID = "scheduled-2026-11-20";

  private static final String JOB =
      """
      job = "recovery"
      sources {
        people {
          format = csv, path = "../people", schema = "id BIGINT, email STRING, country STRING, score STRING"
          options { header = "true" }
        }
      }
      template {
        columns = [
          { name = "id", from = "id", type = "bigint", nullable = false }
          { name = "email", from = "email", type = "varchar(40)", pii = true }
          { name = "country", from = "country", type = "char(2)", nullable = false }
          { name = "score", from = "score", type = "decimal(8,2)" }
        ]
        on-bad-value = reject
      }
      rejects { to = "rejects", max = 50 }
      destinations {
        parts  { type = s3, $s3, prefix = "$scene/parts", format = parquet, partition-by = [country] }
        lines  { type = s3, $s3, prefix = "$scene/lines", format = csv, manifest = true }
        events { type = s3, $s3, prefix = "$scene/events", format = ndjson, mode = append, done-file = ".DONE-events" }
        folder { type = s3, directory = "folder", format = csv, partition-by = [country] }
        warehouse { $warehouse, write = append }
      }
      """;

  @TempDir static Path temporary;

  private static Left undisturbed = new Left(Map.of(), Map.of(), Map.of(), List.of());
  private static long undisturbedMillis;
  private static final Set<Point> KILLED = EnumSet.noneOf(Point.class);

  /** Where the driver is killed. */
  enum Point {
    SPARK_STARTS,
    REJECTS_COLLECTED,
    UPLOAD_OPEN,
    HIDDEN_FILE_THERE,
    LOAD_STAGED,
    LOAD_PUBLISHED,
    LEDGER_ROW_THERE,
    FOLDER_PUBLISHED,
    RESULT_RECORDED,
    ANY_TIME
  }

  /** What a run leaves: objects, local files, rejects, rows of the table. */
  private record Left(
      Map<String, String> objects,
      Map<String, String> files,
      Map<String, String> rejects,
      List<String> rows) {

    static Left of(RunScene scene) throws IOException, SQLException {
      return new Left(
          scene.objects(),
          scene.files("folder"),
          scene.files("rejects"),
          scene.rows("SELECT * FROM " + scene.table() + " ORDER BY 1"));
    }
  }

  @BeforeAll
  static void undisturbedRun() throws Exception {
    Path people = Files.createDirectories(temporary.resolve("people"));
    for (int file = 0; file < FILES; file++) {
      StringBuilder text = new StringBuilder("id,email,country,score\n");
      // files of different sizes are read in the same order each time
      for (int id = file; id < ROWS + file * 40; id += FILES) {
        String score = id % 500 == 1 ? "none" : id / 100 + "." + id % 100;
        text.append(id).append(",p").append(id).append("@example.com,");
        text.append(List.of("GB", "US", "DE").get(id % 3)).append(',').append(score).append('\n');
      }
      Files.writeString(people.resolve(file + ".csv"), text, StandardCharsets.UTF_8);
    }
    RunScene scene = new RunScene("undisturbed", temporary.resolve("undisturbed"));
    long begin = System.nanoTime();
    PenstockProcess run = PenstockProcess.start(scene.folder(), command(scene));
    assertThat(run.exitCode()).as(run.err()).isZero();
    undisturbedMillis = (System.nanoTime() - begin) / 1_000_000;
    undisturbed = Left.of(scene);

    assertThat(run.ended().json().path("rowsRejected").asInt()).isBetween(1, 50);
    assertThat(undisturbed.rows()).hasSizeGreaterThan(ROWS - 50);
    assertThat(undisturbed.objects().keySet())
        .contains("parts/.DONE", "lines/.DONE", "lines/recovery.manifest", "events/.DONE-events")
        .noneMatch(key -> key.startsWith("staging/"));
    assertThat(undisturbed.files()).containsKey(".DONE");
    assertThat(undisturbed.rejects()).isNotEmpty();
  }

  private static List<String> command(RunScene scene) throws IOException {
    return List.of("run", scene.jobFile(JOB).toString(), "--run-id", RUN_ID, "--json");
  }

  @ParameterizedTest
  @EnumSource
  void theNextRunCompletesWhatAKilledOneBegan(Point point) throws Exception {
    String name = point.name().toLowerCase(Locale.ROOT);
    RunScene scene = new RunScene(name, temporary.resolve(name));
    List<String> command = command(scene);
    String killed;
    long begin = System.nanoTime();
    try (PenstockProcess first = PenstockProcess.start(scene.folder(), command)) {
      await(point, first, scene);
      if (first.isAlive()) {
        KILLED.add(point);
      }
      long millis = (System.nanoTime() - begin) / 1_000_000;
      killed = "killed after " + millis + " ms, having said:\n" + first.err();
    }

    PenstockProcess second = PenstockProcess.start(scene.folder(), command);

    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.ended().json().path("status").asText()).isIn("succeeded", "already-done");
    assertThat(Left.of(scene)).as(killed).isEqualTo(undisturbed);
    assertThat(scene.openUploads()).isEmpty();
    assertThat(scene.stateTables()).containsExactly("runs");
    assertThat(scene.rows("SELECT status, run_id FROM " + scene.stateSchema() + ".runs"))
        .containsExactly("succeeded|" + RUN_ID);

    PenstockProcess third = PenstockProcess.start(scene.folder(), command);

    assertThat(third.exitCode()).as(third.err()).isZero();
    assertThat(third.ended().json().path("status").asText()).isEqualTo("already-done");
    assertThat(Left.of(scene)).isEqualTo(undisturbed);
  }

  /** A point that passed before the signal arrived proves nothing; a few may. */
  @AfterAll
  static void mostWereKilledAtWork() {
    assertThat(KILLED).hasSizeGreaterThanOrEqualTo(8);
  }

  private static void await(Point point, PenstockProcess run, RunScene scene) throws Exception {
    long begin = System.nanoTime();
    long anyTime = (long) (undisturbedMillis * (0.2 + 0.7 * new Random().nextDouble()));
    while (run.isAlive() && !reached(point, run, scene)) {
      long waited = (System.nanoTime() - begin) / 1_000_000;
      if (point == Point.ANY_TIME && waited > anyTime) {
        return;
      }
      assertThat(waited).as("%s:%n%s", point, run.err()).isLessThan(LONGEST_WAIT_MILLIS);
      Thread.sleep(1);
    }
  }

  private static boolean reached(Point point, PenstockProcess run, RunScene scene)
      throws IOException, SQLException {
    return switch (point) {
      case SPARK_STARTS -> run.hasSaid("recovery: starting Spark");
      case REJECTS_COLLECTED -> run.hasSaid("rejects: collecting");
      case UPLOAD_OPEN -> run.hasSaid("parts: staging") && !scene.openUploads().isEmpty();
      case HIDDEN_FILE_THERE ->
          scene.files("folder").keySet().stream().anyMatch(file -> file.startsWith(".penstock"));
      case LOAD_STAGED -> run.hasSaid("warehouse: staging");
      case LOAD_PUBLISHED -> run.hasSaid("warehouse: publishing");
      case LEDGER_ROW_THERE ->
          run.hasSaid("warehouse: publishing")
              && scene.stateTables().contains("runs")
              && !scene.rows("SELECT 1 FROM " + scene.stateSchema() + ".runs").isEmpty();
      case FOLDER_PUBLISHED -> run.hasSaid("folder: publishing");
      case RESULT_RECORDED -> Files.exists(scene.state("recovery", RUN_ID, "result.json"));
      case ANY_TIME -> false;
    };
  }
}
