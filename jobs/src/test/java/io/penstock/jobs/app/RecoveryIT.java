package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.HoldingProxy;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whenever a driver is killed, the next run with the same run id leaves what an undisturbed run
 * leaves, and nothing else. The driver is killed while an answer that it waits for is held, so that
 * it is never too fast or too slow.
 *
 * <p>At all points, and at random requests, with {@code -Dpenstock.test.every-boundary=true};
 * otherwise at those that include the others.
 */
class RecoveryIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final boolean EVERY = Boolean.getBoolean("penstock.test.every-boundary");
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int RANDOM_POINTS = 8;
  private static final int ROWS = 4000;
  private static final int FILES = 4;
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
  private static int undisturbedRequests;

  /** What is held of the driver's requests, to S3 or to the database, or what it has said. */
  private enum Held {
    S3_BEFORE,
    S3_AFTER,
    SQL_AFTER,
    SAID
  }

  /**
   * Where the driver is killed.
   *
   * @param request a pattern of the request line, a part of the statement, or the words
   * @param number of the request, from 1, of all that are like this
   */
  private record Point(String name, Held held, String request, int number) {
    Point(String name, Held held, String request) {
      this(name, held, request, 1);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Each includes what was done at those before it. */
  static Stream<Point> points() {
    Stream<Point> points =
        Stream.of(
            new Point("uploads_open", Held.S3_AFTER, "PUT /.*/lines/.*partNumber=.*"),
            new Point("all_staged", Held.SQL_AFTER, "COPY "),
            new Point("load_committed", Held.SQL_AFTER, "COMMIT"),
            new Point("lines_published", Held.S3_AFTER, "POST /.*/lines/.*uploadId=.*"),
            new Point("some_done_files_there", Held.S3_AFTER, "PUT /.*/events/\\.DONE-events.*"));
    if (!EVERY) {
      return points;
    }
    Stream<Point> others =
        Stream.of(
            new Point("spark_starts", Held.SAID, "recovery: starting Spark"),
            new Point("rejects_there", Held.S3_BEFORE, "POST /.*/parts/.*uploads.*"),
            new Point("result_recorded", Held.S3_BEFORE, "PUT /.*/\\.DONE.*"));
    Stream<Point> anywhere =
        new Random()
            .ints(1, undisturbedRequests + 1)
            .distinct()
            .limit(RANDOM_POINTS)
            .mapToObj(number -> new Point("request_" + number, Held.S3_AFTER, ".*", number));
    return Stream.of(others, points, anywhere).flatMap(stream -> stream);
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
    try (HoldingProxy proxy = HoldingProxy.counting(s3Port())) {
      List<String> command = command(scene);
      command.addAll(throughS3(proxy.port()));
      PenstockRun run = PenstockRun.run(scene.folder(), command);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.json().path("rowsRejected").asInt()).isBetween(1, 50);
      undisturbedRequests = proxy.requests();
    }
    undisturbed = Left.of(scene);

    assertThat(undisturbedRequests).isGreaterThan(20);
    assertThat(undisturbed.rows()).hasSizeGreaterThan(ROWS - 50);
    assertThat(undisturbed.objects().keySet())
        .contains("parts/.DONE", "lines/.DONE", "lines/recovery.manifest", "events/.DONE-events")
        .noneMatch(key -> key.startsWith("staging/"));
    assertThat(undisturbed.files()).containsKey(".DONE");
    assertThat(undisturbed.rejects()).isNotEmpty();
  }

  private static int s3Port() {
    return URI.create(SANDBOX.s3().endpoint()).getPort();
  }

  private static List<String> command(RunScene scene) throws IOException {
    return new ArrayList<>(
        List.of("run", scene.jobFile(JOB).toString(), "--run-id", RUN_ID, "--json"));
  }

  private static List<String> throughS3(int port) {
    List<String> definitions = new ArrayList<>();
    for (String destination : List.of("parts", "lines", "events", "warehouse.staging")) {
      definitions.add("-D");
      definitions.add("destinations." + destination + ".endpoint=http://127.0.0.1:" + port);
    }
    return definitions;
  }

  @ParameterizedTest
  @MethodSource("points")
  void theNextRunCompletesWhatAKilledOneBegan(Point point) throws Exception {
    String name = point.name().toLowerCase(Locale.ROOT);
    RunScene scene = new RunScene(name, temporary.resolve(name));
    killAt(point, scene);
    List<String> command = command(scene);

    PenstockRun second = PenstockRun.run(scene.folder(), command);

    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.json().path("status").asText()).isIn("succeeded", "already-done");
    assertThat(Left.of(scene)).isEqualTo(undisturbed);
    assertThat(scene.openUploads()).isEmpty();
    assertThat(scene.stateTables()).containsExactly("runs");
    assertThat(scene.rows("SELECT status, run_id FROM " + scene.stateSchema() + ".runs"))
        .containsExactly("succeeded|" + RUN_ID);

    PenstockRun third = PenstockRun.run(scene.folder(), command);

    assertThat(third.exitCode()).as(third.err()).isZero();
    assertThat(third.json().path("status").asText()).isEqualTo("already-done");
    assertThat(Left.of(scene)).isEqualTo(undisturbed);
  }

  private static void killAt(Point point, RunScene scene) throws Exception {
    boolean s3 = point.held() == Held.S3_BEFORE || point.held() == Held.S3_AFTER;
    try (HoldingProxy objects =
            new HoldingProxy(s3Port(), point.held() == Held.S3_AFTER, like(point, s3));
        CuttingProxy database =
            new CuttingProxy(
                SANDBOX.redshift().port(),
                Fate.HOLD_AFTER,
                (number, request) ->
                    point.held() == Held.SQL_AFTER && request.contains(point.request()))) {
      List<String> command = command(scene);
      command.addAll(throughS3(objects.port()));
      String way = "connection.endpoint-override=127.0.0.1:" + database.port();
      command.addAll(List.of("-D", "destinations.warehouse." + way));
      try (PenstockProcess first = PenstockProcess.start(scene.folder(), command)) {
        long begin = System.nanoTime();
        while (!objects.isHolding() && !database.hasCut() && !hasSaid(first, point)) {
          assertThat(first.isAlive()).as(first::err).isTrue();
          assertThat(System.nanoTime() - begin).as(first::err).isLessThan(PATIENCE.toNanos());
          Thread.sleep(2);
        }
        requireReached(point, scene);
        assertThat(first.isAlive()).as(first::err).isTrue();
      }
    }
  }

  private static HoldingProxy.Held like(Point point, boolean s3) {
    return point.number() == 1
        ? (number, line) -> s3 && line.matches(point.request())
        : (number, line) -> s3 && number == point.number();
  }

  private static boolean hasSaid(PenstockProcess run, Point point) {
    return point.held() == Held.SAID && run.hasSaid(point.request());
  }

  /** What has to be there already at a point, and what not yet. */
  private static void requireReached(Point point, RunScene scene) throws IOException, SQLException {
    switch (point.name()) {
      case "rejects_there" -> {
        assertThat(scene.files("rejects")).isEqualTo(undisturbed.rejects());
        assertThat(scene.openUploads()).isEmpty();
      }
      case "uploads_open" -> {
        assertThat(scene.openUploads()).anyMatch(key -> key.contains("/parts/"));
        assertThat(scene.objects()).isEmpty();
      }
      case "all_staged" -> {
        assertThat(scene.openUploads()).anyMatch(key -> key.contains("/events/"));
        assertThat(scene.files("folder").keySet()).allMatch(file -> file.startsWith(".penstock"));
        assertThat(scene.files("folder")).isNotEmpty();
        assertThat(scene.objects().keySet()).allMatch(key -> key.startsWith("staging/"));
        assertThat(scene.objects()).isNotEmpty();
      }
      case "load_committed" -> {
        assertThat(scene.rows("SELECT status FROM " + scene.stateSchema() + ".runs"))
            .containsExactly("succeeded");
        assertThat(scene.objects().keySet()).allMatch(key -> key.startsWith("staging/"));
      }
      case "lines_published" -> {
        assertThat(scene.objects().keySet())
            .anyMatch(key -> key.startsWith("lines/"))
            .noneMatch(key -> key.contains(".DONE"));
        assertThat(scene.state("recovery", RUN_ID, "result.json")).doesNotExist();
      }
      case "result_recorded" -> {
        assertThat(scene.state("recovery", RUN_ID, "result.json")).exists();
        assertThat(scene.objects().keySet()).noneMatch(key -> key.contains(".DONE"));
      }
      case "some_done_files_there" -> {
        assertThat(scene.objects()).containsKey("events/.DONE-events");
        assertThat(scene.state("recovery", RUN_ID, "finished.json")).doesNotExist();
      }
      default -> {}
    }
  }
}
