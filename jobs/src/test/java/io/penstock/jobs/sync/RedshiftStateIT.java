package io.penstock.jobs.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.StateSchema;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.StateStaging;
import io.penstock.common.run.SyncResult;
import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.LocalSpark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A state in Redshift as its user keeps it, who has the seed's grants and no other. */
class RedshiftStateIT {
  private static final int WRITERS = 4;

  private static String document(String runId, Optional<String> checkpoint) {
    SyncResult result = new SyncResult(7, Optional.empty(), 1, 0, 0, 0, List.of(), 0, checkpoint);
    return new StateDocument(
            Optional.of(new SyncEntry(runId, true, 1, 0, new Fingerprint().digests(), result)),
            Optional.empty())
        .text();
  }

  private static String document(String runId) {
    return document(runId, Optional.empty());
  }

  @Test
  void ofWritersAtOnceOneReplacesTheDocument() throws Exception {
    StateScene scene = new StateScene("race", false);
    assertThat(scene.state().document()).isEmpty();

    String first = race(scene, Optional.empty(), "a");
    String second = race(scene, Optional.of(first), "b");

    assertThat(scene.state().document()).contains(second);
    PenstockException late =
        catchThrowableOfType(
            PenstockException.class,
            () -> scene.state().replace(Optional.of(first), document("late")));
    assertThat(late.code()).isEqualTo(ErrorCode.TARGET_HELD);
    assertThat(late.code().exitCode().status()).isEqualTo(9);
    assertThat(scene.tables()).containsExactly("cursor of weak_race", "state of weak_race");
  }

  /** The document of the one that won. */
  private static String race(StateScene scene, Optional<String> expected, String name)
      throws Exception {
    CyclicBarrier together = new CyclicBarrier(WRITERS);
    List<Callable<Optional<String>>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String document = document(name + i);
      writers.add(
          () -> {
            RedshiftState state = scene.state();
            together.await();
            try {
              state.replace(expected, document);
              return Optional.of(document);
            } catch (PenstockException e) {
              assertThat(e.code()).as(e.toString()).isEqualTo(ErrorCode.TARGET_HELD);
              return Optional.empty();
            }
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<String> winners = new ArrayList<>();
      for (Future<Optional<String>> writer : threads.invokeAll(writers)) {
        writer.get().ifPresent(winners::add);
      }
      assertThat(winners).hasSize(1);
      return winners.get(0);
    } finally {
      threads.shutdown();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT_BEFORE", "CUT_AFTER"})
  void aCommitWhoseReplyIsLostIsDoneOnce(Fate fate) throws Exception {
    StateScene scene = new StateScene("cut_" + fate.ordinal(), false);
    String before = document("before", Optional.of("2026-11-01"));
    String after = document("after", Optional.of("2026-11-02"));
    scene.state().replace(Optional.empty(), before);
    try (CuttingProxy proxy = CuttingProxy.atCommit(StateScene.SANDBOX.redshift().port(), fate)) {
      RedshiftState state =
          scene.state(scene.home(proxy.port()), new com.amazon.redshift.jdbc.Driver());

      state.replace(Optional.of(before), after);

      assertThat(proxy.hasCut()).isTrue();
    }
    assertThat(scene.state().document()).contains(after);
    assertThat(scene.query("SELECT COUNT(*) FROM $state\"")).containsExactly("1");
    assertThat(scene.query("SELECT CHECKPOINT FROM $cursor\"")).containsExactly("2026-11-02");
  }

  @Test
  void aDocumentIsAsLongAsItHasToBe() throws Exception {
    StateScene scene = new StateScene("long", false);
    // one unit before the border between two parts, so that it lies within the pair
    String text =
        document("x".repeat(15_958 - document("").indexOf("\"runId\":\"")) + "🚰".repeat(20_000));
    RedshiftState state = scene.state();

    state.replace(Optional.empty(), text);

    assertThat(state.document()).contains(text);
    assertThat(scene.query("SELECT COUNT(*) FROM $state\"").get(0)).isNotEqualTo("1");
  }

  @Test
  void theLogHasARowForEachSync() throws Exception {
    StateScene scene = new StateScene("logged", false);
    RedshiftState state = scene.state();
    SyncResult result =
        new SyncResult(
            3, Optional.of("ü".repeat(5_000)), 1, 2, 3, 4, List.of(), 5, Optional.of("9"));
    state.replace(Optional.empty(), document("r"));

    state.log("run-1", result, Instant.parse("2026-11-01T10:00:00.123456Z"));
    state.log("run-1", result, Instant.parse("2026-11-01T10:00:01Z"));

    assertThat(
            scene.query(
                "SELECT sync || ' ' || run_id || ' ' || ended_at || ' ' || inserted || updated"
                    + " || deleted || unchanged || failed || ' ' || checkpoint || ' '"
                    + " || OCTET_LENGTH(\"full\") FROM $sync_log\""))
        .containsExactly("3 run-1 2026-11-01 10:00:01+00 12345 9 4096");
  }

  /** Every type of a key, as a template or a source makes it. */
  private static final String KEYS =
      """
      SELECT * FROM VALUES
        (1, -32768S, -2147483648, -9223372036854775807L - 1,
         -99999999999999999999999999999999999999BD, 0.0000000001BD, 1.5BD, float('3.4028235E38'),
         double('NaN'), true, 'größe 水 🚰 | "q", it''s \\\\ tab\\t line\\nend', DATE'0001-01-01',
         TIMESTAMP_NTZ'1582-10-04 23:59:59.999999', TIMESTAMP'2024-03-31 02:30:00.000001Z', X'00FF'),
        (2, 32767S, 2147483647, 9223372036854775807L, 1BD,
         -9999999999999999999999999999.9999999999BD, -0.1BD, float('-Infinity'),
         double('1.7976931348623157E308'), false, '', DATE'9999-12-31',
         TIMESTAMP_NTZ'2026-11-01 00:00:00', TIMESTAMP'1901-01-01 11:30:00Z', X''),
        (3, 0S, 0, 0L, 0BD, 0BD, 0BD, float('1e-45'), double('4.9E-324'), null, 'NULL',
         DATE'2026-11-21', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999',
         TIMESTAMP'2026-11-21 00:00:00.1Z', X'41'),
        (4, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
        (5, 1S, 1, 1L, 1BD, 1BD, 1BD, float('1.5'), double('0.1'), true,
         concat(repeat('ü', 32000), ' ends in blanks  '), DATE'1969-12-31',
         TIMESTAMP_NTZ'1969-12-31 23:59:59.999999', TIMESTAMP'1969-12-31 23:59:59.999999Z',
         unhex(repeat('ab', 3000)))
      AS t (n, small, int, big, dec38, dec38_10, dec2, real, double, bool, text, day, local, instant, bytes)
      """;

  private static Dataset<Row> keys() {
    return LocalSpark.session()
        .sql(KEYS)
        .selectExpr(
            "n",
            "small",
            "int",
            "big",
            "cast(dec38 as decimal(38,0)) dec38",
            "cast(dec38_10 as decimal(38,10)) dec38_10",
            "cast(dec2 as decimal(2,1)) dec2",
            "real",
            "double",
            "bool",
            "text",
            "day",
            "local",
            "instant",
            "bytes");
  }

  private static Map<Object, List<Object>> values(Dataset<Row> rows) {
    Map<Object, List<Object>> values = new java.util.TreeMap<>();
    for (Row row : rows.collectAsList()) {
      List<Object> fields = new ArrayList<>();
      for (int i = 1; i < row.length(); i++) {
        Object value = row.get(i);
        fields.add(shown(value));
      }
      values.put(row.get(0), fields);
    }
    return values;
  }

  /** Long texts by their length and digest. */
  private static Object shown(Object value) {
    Object text = value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
    return text instanceof String whole && whole.length() > 100
        ? whole.length() + " characters, " + whole.hashCode()
        : text;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSnapshotComesBackAsItWasWritten(boolean staged) throws Exception {
    StateScene scene = new StateScene(staged ? "copied" : "inserted", staged);
    if (staged) {
      String folder =
          StateStaging.folder(scene.home())
              .orElseThrow()
              .prefix()
              .replaceFirst("^state/[^/]+/", "");
      scene.stage(folder + "/left-by-a-dead-sync/part_0000001.csv.gz");
    }
    Dataset<Row> keys = keys();
    RedshiftState state = scene.state();
    state.writeSnapshot(1, keys.limit(1).select("n"));

    state.writeSnapshot(1, keys);
    state.writeFailedKeys(1, keys.limit(0));

    Dataset<Row> read = scene.state().snapshot(1);
    assertThat(read.columns()).isEqualTo(keys.columns());
    assertThat(values(read)).isEqualTo(values(keys));
    assertThat(scene.state().failedKeys(1).collectAsList()).isEmpty();
    String user = " of " + scene.user();
    assertThat(scene.tables()).containsExactly("failed_keys_1" + user, "snapshot_1" + user);
    assertThat(scene.staged()).isEmpty();

    state.writeSnapshot(2, keys.select("n"));
    state.keepOnly(2);
    assertThat(scene.tables()).containsExactly("snapshot_2" + user);
  }

  @Test
  void theLongestNameOfAJobLeavesRoomForItsTables() throws Exception {
    StateScene scene = new StateScene("named", false);
    StateSchema home = scene.home();
    StateSchema longest =
        new StateSchema("a-".repeat(31) + "z", home.source(), home.redshift(), home.schema());
    RedshiftState state = scene.state(longest, new com.amazon.redshift.jdbc.Driver());
    Dataset<Row> rows = LocalSpark.session().range(3).toDF("id").coalesce(1);

    state.replace(Optional.empty(), document("r"));
    state.writeSnapshot(Long.MAX_VALUE - 1, rows);
    state.writeSnapshot(Long.MAX_VALUE, rows);
    state.keepOnly(Long.MAX_VALUE);

    assertThat(state.document()).contains(document("r"));
    assertThat(state.snapshot(Long.MAX_VALUE).count()).isEqualTo(3);
    assertThat(
            scene.query(
                "SELECT COUNT(*) FROM pg_tables WHERE schemaname = LOWER('"
                    + scene.schema()
                    + "')"))
        .containsExactly("3");
  }

  @Test
  void whatTheSchemaCannotKeepIsToldWithoutItsValue() throws Exception {
    StateScene scene = new StateScene("refused", false);
    Dataset<Row> none = LocalSpark.session().sql("SELECT concat('canary', char(0)) AS id");
    Dataset<Row> wide = LocalSpark.session().sql("SELECT repeat('canary', 20000) AS id");
    StateSchema home = scene.home();

    List<PenstockException> refusals =
        List.of(
            refusal(scene, none),
            refusal(scene, wide),
            refusal(new StateScene("unset", true), wide));

    assertThat(refusals)
        .allSatisfy(
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.STATE_UNREADABLE);
              assertThat(refused.toString()).doesNotContain("canary");
            });
    assertThat(refusals.get(0).reason()).contains("NUL");
    assertThat(refusals.get(1).remedy()).contains("65535");
    assertThat(home.toString()).contains("source people");
    scene.execute("REVOKE CREATE ON SCHEMA \"" + scene.schema() + "\" FROM " + scene.user());
    assertThat(refusal(scene, wide.limit(0)).remedy()).contains("grants");
  }

  private static PenstockException refusal(StateScene scene, Dataset<Row> rows) {
    try {
      scene.state().writeSnapshot(1, rows);
    } catch (Exception e) {
      return io.penstock.jobs.read.SparkFailures.translate(e, "writing");
    }
    throw new AssertionError("it was written");
  }

  @Test
  void whoLocksTheSyncKeepsOthersOutForAsLongAsItsConnectionLives() throws Exception {
    StateScene scene = new StateScene("locked", false);
    try (CuttingProxy proxy =
        new CuttingProxy(
            StateScene.SANDBOX.redshift().port(), Fate.CUT_AFTER, (number, text) -> false)) {
      StateLock held = StateLock.acquire(scene.home(proxy.port()), StateScene.SECRETS);

      PenstockException refused =
          catchThrowableOfType(
              PenstockException.class, () -> StateLock.acquire(scene.home(), StateScene.SECRETS));
      assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_HELD);

      proxy.sever();
      StateLock.acquire(scene.home(), StateScene.SECRETS).close();
      held.close();
    }
    StateLock.acquire(scene.home(), StateScene.SECRETS).close();
    assertThat(scene.tables()).containsExactly("lock of weak_locked");
  }
}
