package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes by keys, and what readers and other runs see of any write. */
final class WritesIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();

  private static LoadScene scene(String name) {
    return new LoadScene(SANDBOX, "writes_" + name);
  }

  private static LoadScene filled(String name) {
    LoadScene scene = scene(name);
    scene.query("CREATE TABLE " + scene.table() + " (id INTEGER, email VARCHAR(20), note INTEGER)");
    scene.query(
        "INSERT INTO "
            + scene.table()
            + " VALUES (1, 'same', 7), (2, 'old', 7), (3, NULL, 7), (4, 'gone', 7), (5, NULL, 7),"
            + " (6, 'blank', 7)");
    return scene;
  }

  private static final String DELTA = "1,same\n2,new\n3,now\n4,@NULL@\n5,@NULL@\n6,blank \n9,add\n";

  private static List<String> rows(LoadScene scene) {
    return scene.query("SELECT id, email, note FROM " + scene.table() + " ORDER BY id, email");
  }

  private static LoadResult result(DestinationResult result) {
    return result.load().orElseThrow();
  }

  @Test
  void upsertTouchesAndCountsWhatDiffers() {
    LoadScene scene = filled("upserted");

    LoadResult first = result(scene.loads("r1", Write.UPSERT, scene.files("r1", 7, DELTA)));
    LoadResult again = result(scene.loads("r2", Write.UPSERT, scene.files("r2", 7, DELTA)));

    assertThat(rows(scene))
        .containsExactly(
            "1|same|7", "2|new|7", "3|now|7", "4|null|7", "5|null|7", "6|blank |7", "9|add|null");
    assertThat(first)
        .isEqualTo(
            new LoadResult(
                scene.table(),
                "upsert",
                OptionalLong.of(1),
                OptionalLong.of(4),
                OptionalLong.empty(),
                List.of()));
    assertThat(again.rowsInserted()).hasValue(0);
    assertThat(again.rowsUpdated()).hasValue(0);
    assertThat(
            scene.query(
                "SELECT rows, rows_inserted, rows_updated, rows_deleted FROM "
                    + scene.stateSchema()
                    + ".runs ORDER BY run_id"))
        .containsExactly("7|1|4|null", "7|0|0|null");
  }

  @Test
  void mirrorDeletesRowsWhoseKeyIsGoneOrNull() {
    LoadScene scene = filled("mirrored");
    scene.query("INSERT INTO " + scene.table() + " VALUES (NULL, 'keyless', 7), (77, 'x', 7)");

    LoadResult mirror =
        result(scene.loads("r1", Write.MIRROR, scene.files("r1", 3, "1,same\n2,new\n9,add\n")));

    assertThat(rows(scene)).containsExactly("1|same|7", "2|new|7", "9|add|null");
    assertThat(mirror.rowsInserted()).hasValue(1);
    assertThat(mirror.rowsUpdated()).hasValue(1);
    assertThat(mirror.rowsDeleted()).hasValue(6);
  }

  @Test
  void mirrorOfNoRowsEmptiesTheTable() {
    LoadScene scene = filled("nothing");

    LoadResult mirror = result(scene.loads("r1", Write.MIRROR, scene.files("r1", 0)));

    assertThat(rows(scene)).isEmpty();
    assertThat(mirror.rowsDeleted()).hasValue(6);
  }

  @Test
  void mirrorRefusesATableThatHoldsAKeyTwice() {
    LoadScene scene = filled("twice");
    scene.query("INSERT INTO " + scene.table() + " VALUES (1, 'same', 8)");
    List<String> before = rows(scene);

    PenstockException refused = refusal(scene, Write.MIRROR, scene.files("r1", 1, "1,same\n"));

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(refused.reason()).contains("2 rows for 1");
    assertThat(rows(scene)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(
      value = Write.class,
      names = {"UPSERT", "MIRROR"})
  void keysThatTellNoRowsApartAreRefusedByNameBeforeAnything(Write write) {
    LoadScene scene =
        filled("refused_" + write)
            .columns(
                new Column("id", RedshiftType.of(Kind.INTEGER), true, false),
                LoadScene.COLUMNS.get(1))
            .keys("ID", "email")
            .preSql("DELETE FROM public.writes_refused_" + write);
    List<String> before = rows(scene);

    PenstockException refused =
        refusal(
            scene,
            write,
            scene.files(
                "r1",
                8,
                "1,canary9f3e\n1,canary9f3e\n1,canary9f3e\n2,b\n2,b\n",
                "@NULL@,canary9f3e\n3,@NULL@\n4,d\n"));

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_KEYS_REFUSED);
    assertThat(refused.problem()).contains(scene.table(), "keys = [ID, email]");
    assertThat(refused.reason())
        .isEqualTo(
            "of 8 rows, 2 hold NULL in a key column, and 2 keys occur more than once, in 5 rows");
    StringWriter said = new StringWriter();
    refused.printStackTrace(new PrintWriter(said));
    assertThat(said.toString()).doesNotContain("canary9f3e");
    assertThat(rows(scene)).isEqualTo(before);
    assertThat(scene.query("SELECT COUNT(*) FROM " + scene.stateSchema() + ".runs"))
        .containsExactly("0");
  }

  private static PenstockException refusal(LoadScene scene, Write write, StagedFiles files) {
    PenstockException refused =
        catchThrowableOfType(PenstockException.class, () -> scene.loads("r1", write, files));
    assertThat(refused).isNotNull();
    return refused;
  }

  @Test
  void comparesEveryTypeAndTakesASuperForChanged() {
    LoadScene scene =
        scene("typed")
            .keys("a", "b")
            .columns(
                column("a", "varchar(9)"),
                column("b", "date"),
                column("c", "boolean"),
                column("d", "decimal(9,2)"),
                column("e", "timestamptz"),
                column("f", "double"),
                column("g", "varbyte"),
                column("h", "super"));
    String first =
        "k,2026-01-01,true,1.10,2026-01-01 00:00:00+00,0.5,00ff,@NULL@\n"
            + "l,2026-01-01,true,1.10,2026-01-01 00:00:00+00,0.5,00ff,\"{\"\"x\"\": 1}\"\n";

    scene.loads("r1", Write.UPSERT, scene.files("r1", 2, first));
    LoadResult same = result(scene.loads("r2", Write.UPSERT, scene.files("r2", 2, first)));
    LoadResult changed =
        result(
            scene.loads(
                "r3",
                Write.UPSERT,
                scene.files(
                    "r3", 2, first.replaceFirst("00ff", "00fe").replace("\"x\"", "\"y\""))));

    assertThat(same.rowsUpdated()).hasValue(1);
    assertThat(changed.rowsUpdated()).hasValue(2);
    assertThat(scene.query("SELECT a, h FROM " + scene.table() + " ORDER BY a"))
        .containsExactly("k|null", "l|{\"y\": 1}");
  }

  private static Column column(String name, String type) {
    return new Column(name, RedshiftType.parse(type).orElseThrow(), true, false);
  }

  @Test
  void updatesNothingWhereTheKeysAreAllThereIs() {
    LoadScene scene = scene("keys_alone").keys("id", "email");

    scene.loads("r1", Write.UPSERT, scene.files("r1", 2, "1,a\n2,b\n"));
    LoadResult second = result(scene.loads("r2", Write.MIRROR, scene.files("r2", 2, "2,b\n3,c\n")));

    assertThat(scene.query("SELECT id, email FROM " + scene.table() + " ORDER BY id"))
        .containsExactly("2|b", "3|c");
    assertThat(second.rowsUpdated()).isEmpty();
    assertThat(second.rowsDeleted()).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Write.class,
      names = {"OVERWRITE", "MIRROR"})
  void aReaderNeverSeesATableBetweenTwoStates(Write write) throws Exception {
    LoadScene scene = scene("read_" + write);
    scene.loads("r0", write, scene.files("r0", 3, "0,0\n1,0\n2,0\n"));
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> read(scene, ended, looks));

    for (int run = 1; run <= 8; run++) {
      scene.loads("r" + run, write, scene.files("r" + run, 3, rows(run)));
    }
    ended.set(true);
    reader.join();

    assertThat(looks.get()).isGreaterThan(20);
  }

  /** Three rows, all of one run. */
  private static String rows(int run) {
    StringBuilder rows = new StringBuilder();
    for (int id = run; id < run + 3; id++) {
      rows.append(id).append(',').append(run).append('\n');
    }
    return rows.toString();
  }

  private static void read(LoadScene scene, AtomicBoolean ended, AtomicInteger looks) {
    try (Connection connection = scene.connect();
        Statement statement = connection.createStatement()) {
      while (!ended.get()) {
        try (ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*), COUNT(DISTINCT email), MIN(id) - CAST(MIN(email) AS INTEGER) FROM "
                    + scene.table())) {
          row.next();
          assertThat(row.getInt(1)).isEqualTo(3);
          assertThat(row.getInt(2)).isEqualTo(1);
          assertThat(row.getInt(3)).isZero();
        }
        looks.incrementAndGet();
      }
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoRunsAtOnceLeaveWhatOneAfterTheOtherLeaves(Write write) {
    LoadScene scene = scene("at_once_" + write);
    String one = "1,a\n2,a\n3,a\n";
    String other = "2,b\n3,b\n4,b\n";

    CompletableFuture<LoadResult> first = inBackground(scene, "r1", write, one);
    CompletableFuture<LoadResult> second = inBackground(scene, "r2", write, other);
    first.join();
    second.join();

    assertThat(scene.query("SELECT id, email FROM " + scene.table() + " ORDER BY id, email"))
        .isIn(
            switch (write) {
              case APPEND -> List.of(List.of("1|a", "2|a", "2|b", "3|a", "3|b", "4|b"));
              case UPSERT ->
                  List.of(List.of("1|a", "2|b", "3|b", "4|b"), List.of("1|a", "2|a", "3|a", "4|b"));
              default -> List.of(List.of("1|a", "2|a", "3|a"), List.of("2|b", "3|b", "4|b"));
            });
    assertThat(scene.query("SELECT status FROM " + scene.stateSchema() + ".runs"))
        .containsExactly("succeeded", "succeeded");
  }

  private static CompletableFuture<LoadResult> inBackground(
      LoadScene scene, String runId, Write write, String rows) {
    return CompletableFuture.supplyAsync(
        () -> result(scene.loads(runId, write, scene.files(runId, 3, rows))));
  }
}
