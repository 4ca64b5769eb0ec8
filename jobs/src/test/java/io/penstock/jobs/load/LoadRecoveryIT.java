package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.RecordingDriver;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Loads that are cut off, collide or are told to end. */
final class LoadRecoveryIT {
  private static SandboxProcess sandbox;

  @BeforeAll
  static void start() throws IOException {
    sandbox = SandboxProcess.start();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @Test
  void findsOutThatACommitWithoutReplyHappened() throws IOException {
    try (CuttingProxy proxy = CuttingProxy.atCommit(sandbox.redshift().port(), Fate.CUT_AFTER)) {
      LoadScene scene = new LoadScene(sandbox, "committed").port(proxy.port());
      prepareLedger(scene);

      DestinationResult result =
          scene.loads("r1", Write.APPEND, scene.files("r1", 2, "1,a\n2,b\n"));

      assertThat(proxy.hasCut()).isTrue();
      assertThat(result.status()).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(result.load().orElseThrow().rowsInserted()).hasValue(2);
      assertThat(scene.query("SELECT COUNT(*) FROM public.committed")).containsExactly("2");
    }
  }

  @Test
  void findsOutThatACommitDidNotHappenAndTakesTheRunAgain() throws IOException {
    try (CuttingProxy proxy = CuttingProxy.atCommit(sandbox.redshift().port(), Fate.CUT_BEFORE)) {
      LoadScene scene = new LoadScene(sandbox, "uncommitted").port(proxy.port());
      prepareLedger(scene);

      PenstockException failed =
          catchThrowableOfType(
              PenstockException.class,
              () -> scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n")));
      DestinationResult again = scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));

      assertThat(proxy.hasCut()).isTrue();
      assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
      assertThat(failed.problem()).contains("COMMIT");
      assertThat(failed.remedy()).contains("same --run-id");
      assertThat(again.status()).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(scene.query("SELECT COUNT(*) FROM public.uncommitted")).containsExactly("1");
    }
  }

  /** So that the transaction's COMMIT is the first that the proxy sees. */
  private static void prepareLedger(LoadScene scene) {
    LoadScene direct = new LoadScene(sandbox, scene.table().substring("public.".length()));
    direct.loads("r0", Write.APPEND, direct.files("r0", 0));
  }

  @Test
  void repeatsATransactionThatIsNotSerializable() {
    LoadScene scene = new LoadScene(sandbox, "conflicted");
    AtomicInteger conflicts = new AtomicInteger();
    RecordingDriver driver =
        new RecordingDriver(
            sql -> {
              if (sql.startsWith("INSERT INTO \"public\"") && conflicts.incrementAndGet() <= 2) {
                throw new SQLException("1023 Serializable isolation violation", "40001");
              }
            });

    DestinationResult result =
        scene.loads(driver, "r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));

    assertThat(result.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(conflicts).hasValue(3);
    assertThat(driver.recorded()).filteredOn("ROLLBACK"::equals).hasSize(2);
    assertThat(scene.query("SELECT COUNT(*) FROM public.conflicted")).containsExactly("1");
  }

  @Test
  void endsAfterSoManyConflictsAndRepeatsNothingElse() {
    LoadScene scene = new LoadScene(sandbox, "hopeless");
    for (String state : List.of("40001", "53100")) {
      RecordingDriver driver =
          new RecordingDriver(
              sql -> {
                if (sql.startsWith("INSERT INTO \"public\"")) {
                  throw new SQLException("no", state);
                }
              });

      PenstockException failed =
          catchThrowableOfType(
              PenstockException.class,
              () -> scene.loads(driver, "r1", Write.APPEND, scene.files("r1", 1, "1,a\n")));

      assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_STATEMENT);
      assertThat(driver.recorded())
          .filteredOn("ROLLBACK"::equals)
          .hasSize(state.equals("40001") ? LoadScene.LIMITS.attempts() : 1);
    }
  }

  @Test
  void letsTwoRunsTakeTurns() {
    LoadScene scene = new LoadScene(sandbox, "turns");

    CompletableFuture<DestinationResult> first = inBackground(scene, "r1");
    CompletableFuture<DestinationResult> second = inBackground(scene, "r2");

    assertThat(List.of(first.join().status(), second.join().status()))
        .containsOnly(RunStatus.SUCCEEDED);
    assertThat(scene.query("SELECT COUNT(*) FROM public.turns")).containsExactly("2");
  }

  @Test
  void appliesARunOnceThoughItRunsTwiceAtTheSameTime() {
    LoadScene scene = new LoadScene(sandbox, "twins").keep();

    CompletableFuture<DestinationResult> first = inBackground(scene, "r1");
    CompletableFuture<DestinationResult> second = inBackground(scene, "r1");

    assertThat(List.of(first.join().status(), second.join().status()))
        .containsExactlyInAnyOrder(RunStatus.SUCCEEDED, RunStatus.ALREADY_DONE);
    assertThat(scene.query("SELECT COUNT(*) FROM public.twins")).containsExactly("1");
  }

  private static CompletableFuture<DestinationResult> inBackground(LoadScene scene, String runId) {
    return CompletableFuture.supplyAsync(
        () -> scene.loads(runId, Write.APPEND, scene.files(runId, 1, "1,a\n")));
  }

  @Test
  void givesUpWhereAnotherLoadHoldsTheLedger() throws SQLException {
    LoadScene scene = new LoadScene(sandbox, "held");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));
    StagedFiles files = scene.files("r2", 1, "2,b\n");
    LoadLimits short1 = new LoadLimits(Duration.ofSeconds(1), 3, Duration.ofMillis(50));

    try (Connection other = scene.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK _state_held.runs");
      PenstockException held =
          catchThrowableOfType(
              PenstockException.class,
              () -> {
                try (StagedDelivery staged =
                    scene
                        .load(new RecordingDriver(), short1)
                        .stage(
                            scene.plan("r2", Write.APPEND),
                            LoadScene.COLUMNS,
                            scene.transport(files))) {
                  staged.publish();
                }
              });

      assertThat(held.code()).isEqualTo(ErrorCode.TARGET_HELD);
      assertThat(held.reason()).contains("more than 1 seconds");
      other.rollback();
    }
  }

  @Test
  void endsPromptlyWhenItIsClosed() throws Exception {
    CountDownLatch sleeping = new CountDownLatch(1);
    LoadScene scene = new LoadScene(sandbox, "closed").preSql("SELECT pg_sleep(120)");
    StagedFiles files = scene.files("r1", 1, "1,a\n");
    RecordingDriver driver =
        new RecordingDriver(
            sql -> {
              if (sql.contains("pg_sleep")) {
                sleeping.countDown();
              }
            });
    StagedDelivery staged =
        scene
            .load(driver)
            .stage(scene.plan("r1", Write.APPEND), LoadScene.COLUMNS, scene.transport(files));

    CompletableFuture<DestinationResult> running = CompletableFuture.supplyAsync(staged::publish);
    assertThat(sleeping.await(60, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(300);
    staged.close();
    CompletionException ended =
        catchThrowableOfType(
            CompletionException.class, () -> running.orTimeout(20, TimeUnit.SECONDS).join());

    assertThat(ended.getCause())
        .isInstanceOfSatisfying(
            PenstockException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
    assertThat(scene.query("SELECT to_regclass('public.closed') IS NULL")).containsExactly("t");
    assertThat(files.list("")).isEmpty();
  }
}
