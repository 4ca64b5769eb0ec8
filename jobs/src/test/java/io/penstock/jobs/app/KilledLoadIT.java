package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole processes that are killed with SIGKILL while the server has carried a statement out and
 * they wait for its answer, and run again with the same run id.
 */
class KilledLoadIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final long LONGEST_WAIT_MILLIS = 400_000;
  private static final String JOB =
      """
      job = "killed-load"
      sources { people { format = csv, path = "people.csv", schema = "id BIGINT, email STRING" } }
      template {
        columns = [
          { name = "id", from = "id", type = "bigint", nullable = false }
          { name = "email", from = "email", type = "varchar(40)" }
        ]
      }
      destinations { warehouse { $warehouse, write = mirror, keys = [id], $operation } }
      """;

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "copied, COPY , update",
    "updated, UPDATE \"public\", update",
    "committed, COMMIT, update",
    "numbered, CREATE TABLE \"public\", create-new"
  })
  void theNextRunAppliesTheRowsOnce(String name, String statement, String operation)
      throws Exception {
    RunScene scene = new RunScene("killed_" + name, temporary);
    Files.writeString(temporary.resolve("people.csv"), "1,a\n2,B\n4,d\n", StandardCharsets.UTF_8);
    scene.execute("CREATE TABLE " + scene.table() + " (id BIGINT, email VARCHAR(40))");
    scene.execute("INSERT INTO " + scene.table() + " VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    String job = JOB.replace("$operation", "operation = " + operation);
    try (CuttingProxy proxy =
        new CuttingProxy(
            SANDBOX.redshift().port(),
            Fate.HOLD,
            (number, request) -> request.contains(statement))) {
      String held = "destinations.warehouse.connection.endpoint-override=127.0.0.1:" + proxy.port();
      try (PenstockProcess first =
          PenstockProcess.start(
              scene.folder(),
              List.of("run", scene.jobFile(job).toString(), "--run-id", "r1", "-D", held))) {
        await(proxy, first);
        assertThat(first.isAlive()).isTrue();
      }
    }

    PenstockProcess second =
        PenstockProcess.run(
            scene.folder(), "run", scene.jobFile(job).toString(), "--run-id", "r1", "--json");

    assertThat(second.exitCode()).as(second.err()).isZero();
    boolean numbered = operation.equals("create-new");
    assertThat(
            scene.rows(
                "SELECT id, email FROM " + scene.table() + (numbered ? "_1" : "") + " ORDER BY id"))
        .containsExactly("1|a", "2|B", "4|d");
    assertThat(
            scene.rows(
                "SELECT status, rows_inserted, rows_updated, rows_deleted FROM "
                    + scene.stateSchema()
                    + ".runs"))
        .containsExactly(numbered ? "succeeded|3|0|0" : "succeeded|1|1|1");
    assertThat(scene.stateTables()).containsExactly("runs");
  }

  private static void await(CuttingProxy proxy, PenstockProcess run) throws InterruptedException {
    long begin = System.nanoTime();
    while (!proxy.hasCut() && run.isAlive()) {
      long waited = (System.nanoTime() - begin) / 1_000_000;
      assertThat(waited).as(run::err).isLessThan(LONGEST_WAIT_MILLIS);
      Thread.sleep(10);
    }
    assertThat(proxy.hasCut()).as(run::err).isTrue();
  }
}
