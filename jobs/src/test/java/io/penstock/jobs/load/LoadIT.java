package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.RunStatus;
import io.penstock.jobs.testing.RecordingDriver;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a load does to a table, on the sandbox, over the real driver. */
final class LoadIT {
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
  void createsTheTableAndAppends() {
    LoadScene scene = new LoadScene(sandbox, "appended").grants(new Grant("select", "reader"));
    scene.query("CREATE USER reader PASSWORD 'Reader1234'");

    DestinationResult first =
        scene.loads("r1", Write.APPEND, scene.files("r1", 2, "1,a@b.c\n", "2,@NULL@\n"));
    DestinationResult second =
        scene.loads("r2", Write.APPEND, scene.files("r2", 1, "3,\"é, \"\"x\"\"\"\n"));

    assertThat(scene.query("SELECT id, email FROM public.appended ORDER BY id"))
        .containsExactly("1|a@b.c", "2|null", "3|é, \"x\"");
    assertThat(first.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(first.type()).isEqualTo("redshift");
    assertThat(first.rows()).isEqualTo(2);
    assertThat(first.bytes()).isEqualTo(17);
    assertThat(second.load().orElseThrow())
        .isEqualTo(
            new DestinationResult.LoadResult(
                "public.appended",
                "append",
                OptionalLong.of(1),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of()));
    assertThat(scene.query("SELECT has_table_privilege('reader', 'public.appended', 'SELECT')"))
        .containsExactly("t");
  }

  @Test
  void leavesNothingStagedBehind() {
    LoadScene scene = new LoadScene(sandbox, "tidy");
    StagedFiles files = scene.files("r1", 1, "1,a\n");

    scene.loads("r1", Write.APPEND, files);

    assertThat(files.list("")).isEmpty();
    assertThat(
            scene.query(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = '"
                    + scene.stateSchema()
                    + "'"))
        .containsExactly("runs");
  }

  @Test
  void keepsStagedFilesWhereAskedTo() {
    LoadScene scene = new LoadScene(sandbox, "kept").keep();
    StagedFiles files = scene.files("r1", 1, "1,a\n");

    scene.loads("r1", Write.APPEND, files);

    assertThat(files.list("")).hasSize(2);
  }

  @Test
  void overwriteKeepsViewsGrantsAndComments() {
    LoadScene scene = new LoadScene(sandbox, "replaced");
    scene.loads("r1", Write.APPEND, scene.files("r1", 2, "1,a\n2,b\n"));
    scene.query("CREATE USER viewer PASSWORD 'Viewer1234'");
    scene.query("GRANT SELECT ON TABLE public.replaced TO viewer");
    scene.query("COMMENT ON TABLE public.replaced IS 'kept'");
    scene.query("CREATE VIEW public.replaced_view AS SELECT id FROM public.replaced");

    DestinationResult result =
        scene.loads("r2", Write.OVERWRITE, scene.files("r2", 3, "3,c\n4,d\n5,e\n"));

    assertThat(scene.query("SELECT id FROM public.replaced_view ORDER BY id"))
        .containsExactly("3", "4", "5");
    assertThat(result.load().orElseThrow().rowsDeleted()).hasValue(2);
    assertThat(result.load().orElseThrow().rowsInserted()).hasValue(3);
    assertThat(scene.query("SELECT has_table_privilege('viewer', 'public.replaced', 'SELECT')"))
        .containsExactly("t");
    assertThat(scene.query("SELECT obj_description('public.replaced'::regclass, 'pg_class')"))
        .containsExactly("kept");
  }

  @Test
  void appliesARunOnce() {
    LoadScene scene = new LoadScene(sandbox, "once");
    scene.loads("r1", Write.APPEND, scene.files("r1", 2, "1,a\n2,b\n"));
    RecordingDriver driver = new RecordingDriver();

    DestinationResult again =
        scene.loads(driver, "r1", Write.APPEND, scene.files("r1", 2, "1,a\n2,b\n"));

    assertThat(again.status()).isEqualTo(RunStatus.ALREADY_DONE);
    assertThat(again.rows()).isEqualTo(2);
    assertThat(again.load().orElseThrow().rowsInserted()).hasValue(2);
    assertThat(scene.query("SELECT COUNT(*) FROM public.once")).containsExactly("2");
    assertThat(driver.recorded()).noneMatch(sql -> sql.startsWith("COPY"));
  }

  @Test
  void sendsTheseStatementsInThisOrder() {
    LoadScene scene =
        new LoadScene(sandbox, "ordered")
            .preSql("DELETE FROM public.ordered WHERE email = 'a;b'")
            .postSql("COMMENT ON TABLE public.ordered IS '{d ?}'");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));
    RecordingDriver driver = new RecordingDriver();

    scene.loads(driver, "r2", Write.OVERWRITE, scene.files("r2", 1, "2,b\n"));

    assertThat(driver.recorded().stream().map(LoadIT::beginning))
        .containsExactly(
            "SELECT 1 FROM",
            "LOCK \"_state_ordered\".\"runs\"",
            "SELECT \"status\", \"started_at\",",
            "SELECT column_name, data_type,",
            "DROP TABLE IF",
            "CREATE TABLE \"_state_ordered\".\"stage_ordered\"",
            "COPY \"_state_ordered\".\"stage_ordered\" (\"id\",",
            "SELECT pg_last_copy_count()",
            "SELECT COUNT(*) FROM",
            "DELETE FROM public.ordered",
            "DELETE FROM \"public\".\"ordered\"",
            "INSERT INTO \"public\".\"ordered\"",
            "COMMENT ON TABLE",
            "DELETE FROM \"_state_ordered\".\"runs\"",
            "INSERT INTO \"_state_ordered\".\"runs\"",
            "DROP TABLE IF",
            "COMMIT");
  }

  private static String beginning(String sql) {
    String[] words = sql.split(" ", -1);
    int shown = sql.startsWith("COPY") ? 3 : sql.startsWith("LOCK") ? 2 : 3;
    return String.join(" ", List.of(words).subList(0, Math.min(shown, words.length)));
  }

  @Test
  void takesAnEmptyDelivery() {
    LoadScene scene = new LoadScene(sandbox, "emptied");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));

    DestinationResult result = scene.loads("r2", Write.OVERWRITE, scene.files("r2", 0));

    assertThat(result.rows()).isZero();
    assertThat(result.load().orElseThrow().rowsDeleted()).hasValue(1);
    assertThat(scene.query("SELECT COUNT(*) FROM public.emptied")).containsExactly("0");
  }

  @Test
  void takesATableWithWiderAndFurtherColumns() {
    LoadScene scene = new LoadScene(sandbox, "wider");
    scene.query(
        "CREATE TABLE public.wider (note VARCHAR(5), email VARCHAR(200), id BIGINT NOT NULL)");

    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));

    assertThat(scene.query("SELECT id, email, note FROM public.wider")).containsExactly("1|a|null");
  }

  @Test
  void refusesATableThatLacksAColumn() {
    LoadScene scene = new LoadScene(sandbox, "lacking");
    scene.query("CREATE TABLE public.lacking (id INTEGER NOT NULL)");

    PenstockException refused = refusal(scene);

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(refused.problem()).contains("public.lacking").contains("column email");
  }

  @Test
  void refusesATableWithANarrowerColumn() {
    LoadScene scene = new LoadScene(sandbox, "narrow");
    scene.query("CREATE TABLE public.narrow (id INTEGER NOT NULL, email VARCHAR(10))");

    PenstockException refused = refusal(scene);

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(refused.reason()).contains("character varying(10)").contains("varchar(20)");
    assertThat(scene.query("SELECT COUNT(*) FROM public.narrow")).containsExactly("0");
  }

  private static PenstockException refusal(LoadScene scene) {
    return catchThrowableOfType(
        PenstockException.class,
        () -> scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n")));
  }

  @Test
  void tellsTheHistory() {
    LoadScene scene = new LoadScene(sandbox, "told");
    Ledger ledger = new Ledger(scene.destination(Write.APPEND), LoadScene.SECRETS);
    String job = scene.run("r1").job();
    assertThat(ledger.history(job, 10)).isEmpty();
    assertThat(ledger.applied(scene.run("r1"))).isEmpty();

    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));
    Instant ended = Instant.parse("2026-11-20T10:05:00Z");
    ledger.recordFailure(scene.run("r1"), ended, new RunError("LOAD_STATEMENT", "ignored"));
    ledger.recordFailure(scene.run("r2"), ended, new RunError("LOAD_STATEMENT", "it's \\ told"));

    assertThat(ledger.applied(scene.run("r1")).orElseThrow().rows()).isEqualTo(1);
    assertThat(ledger.applied(scene.run("r2"))).isEmpty();
    assertThat(ledger.history(job, 10))
        .extracting(RunRecord::runId, RunRecord::status, RunRecord::rowsRead)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("r1", RunStatus.SUCCEEDED, 1L),
            org.assertj.core.groups.Tuple.tuple("r2", RunStatus.FAILED, 0L));
    assertThat(ledger.history(job, 10))
        .filteredOn(record -> record.runId().equals("r2"))
        .extracting(record -> record.error().orElseThrow(), RunRecord::endedAt)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                new RunError("LOAD_STATEMENT", "it's \\ told"), ended));
  }
}
