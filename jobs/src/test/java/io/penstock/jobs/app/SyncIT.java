package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.common.config.StoreLocation;
import io.penstock.jobs.record.RunLock;
import io.penstock.jobs.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Syncs as a user sees them: what is sent, what is told, and what is refused. */
class SyncIT {
  private static final String ADA = "{'id': 1, 'email': 'ada@example.com'}";
  private static final String BEN = "{'id': 2, 'email': 'ben@example.com'}";
  private static final String CLEO = "{'id': 3, 'email': 'cleo@example.com'}";
  private static final String EMAIL_MOVED = "{'id': 1, 'email': 'ada@example.org'}";
  private static final String CURSOR = "mode = upsert, keys = [id], cursor = updated";
  private static final String WITH_CURSOR =
      "{ name = id, from = id }, { name = email, from = email }, { name = updated, from = updated, type = timestamptz }";

  @TempDir static Path temporary;

  private static SyncScene scene(TestInfo test) throws Exception {
    return new SyncScene(temporary.resolve(test.getTestMethod().orElseThrow().getName()));
  }

  /** A scene whose state is in a Delta table, or in Redshift. */
  private static SyncScene scene(TestInfo test, String place) throws Exception {
    String name = test.getTestMethod().orElseThrow().getName();
    SyncScene scene = new SyncScene(temporary.resolve(name + "-" + place));
    String schema = name.toLowerCase(Locale.ROOT);
    return place.equals("redshift") ? scene.inRedshift(schema) : scene;
  }

  private static String row(int id, String email, String updated) {
    return "{'id': %d, 'email': '%s', 'updated': '%s'}".formatted(id, email, updated);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta", "redshift"})
  void whatHasChangedIsSentAndNothingElse(String place, TestInfo test) throws Exception {
    SyncScene scene = scene(test, place).source(ADA, BEN);

    JsonNode first = scene.synced();
    assertThat(first.path("full").asText()).isEqualTo("it is the first sync");
    assertThat(SyncScene.counts(first)).containsExactly(2L, 0L, 0L, 0L);
    assertThat(scene.lines("changes.json"))
        .extracting(row -> row.path("operation").asText())
        .containsExactly("insert", "insert");

    assertThat(SyncScene.counts(scene.synced())).containsExactly(0L, 0L, 0L, 2L);
    assertThat(scene.lines("changes.json")).isEmpty();

    JsonNode third = scene.source(EMAIL_MOVED, CLEO).synced();
    assertThat(third.path("full").isNull()).isTrue();
    assertThat(third.path("number").asLong()).isEqualTo(3);
    assertThat(SyncScene.counts(third)).containsExactly(1L, 1L, 1L, 0L);
    assertThat(scene.received()).isEqualTo(Map.of("1", "ada@example.org", "3", "cleo@example.com"));
  }

  @Test
  void upsertForgetsRowsThatAreGoneAndSendsThemAgainWhenTheyComeBack(TestInfo test)
      throws Exception {
    SyncScene scene = scene(test).sync("mode = upsert, keys = [id]").source(ADA, BEN);
    scene.synced();

    assertThat(SyncScene.counts(scene.source(ADA).synced())).containsExactly(0L, 0L, 0L, 1L);
    assertThat(SyncScene.counts(scene.source(ADA, BEN).synced())).containsExactly(1L, 0L, 0L, 1L);
    assertThat(scene.received()).containsOnlyKeys("1", "2");
  }

  @Test
  void modeFullSendsAllRowsAsTheyAre(TestInfo test) throws Exception {
    SyncScene scene = scene(test).sync("mode = full, keys = [id]").source(ADA, BEN);
    scene.synced();

    JsonNode second = scene.source(ADA, EMAIL_MOVED.replace("1", "2"), CLEO).synced();

    assertThat(second.path("full").asText()).isEqualTo("sync.mode = full");
    assertThat(SyncScene.counts(second)).containsExactly(1L, 2L, 0L, 0L);
    assertThat(scene.lines("changes.json")).hasSize(3);
    assertThat(scene.lines("changes.json")).noneMatch(row -> row.has("operation"));
  }

  @Test
  void addedChangedAndRemovedRowsInFilesOfTheirOwn(TestInfo test) throws Exception {
    SyncScene scene = scene(test).destination("changes = separate").source(ADA, BEN);
    assertThat(scene.run().exitCode()).isZero();
    assertThat(scene.files()).containsExactly(".DONE", "added_changes.json");

    assertThat(scene.source(EMAIL_MOVED, CLEO).run().exitCode()).isZero();

    assertThat(scene.files())
        .containsExactly(
            ".DONE", "added_changes.json", "changed_changes.json", "removed_changes.json");
    assertThat(scene.lines("added_changes.json"))
        .extracting(JsonNode::toString)
        .containsExactly("{\"id\":3,\"email\":\"cleo@example.com\"}");
    assertThat(scene.lines("changed_changes.json").get(0).path("email").asText())
        .isEqualTo("ada@example.org");
    assertThat(scene.lines("removed_changes.json").get(0).path("id").asLong()).isEqualTo(2);

    assertThat(scene.run().exitCode()).isZero();
    assertThat(scene.files()).containsExactly(".DONE");
  }

  @Test
  void rowsWithoutAKeyOrWithOneThatIsRepeatedAreLeftOutAndTold(TestInfo test) throws Exception {
    String nan = "{'id': 'NaN', 'email': 'n@example.com'}";
    SyncScene scene =
        scene(test)
            .schema("id DOUBLE, email STRING")
            .source(ADA, BEN, "{'email': 'no@example.com'}", nan, CLEO, CLEO);

    JsonNode first = scene.synced();

    assertThat(SyncScene.counts(first)).containsExactly(2L, 0L, 0L, 0L);
    assertThat(first.path("excluded").toString())
        .isEqualTo(
            "[{\"reason\":\"null-key\",\"rows\":2,\"keys\":[\"[null]\",\"[\\\"NaN\\\"]\"]},"
                + "{\"reason\":\"repeated-key\",\"rows\":2,\"keys\":[\"[\\\"3.0\\\"]\"]}]");
    JsonNode second = scene.source(ADA, BEN, BEN, CLEO).synced();
    assertThat(SyncScene.counts(second)).containsExactly(1L, 0L, 0L, 1L);
    assertThat(second.path("excluded").toString())
        .isEqualTo("[{\"reason\":\"repeated-key\",\"rows\":2,\"keys\":[\"[\\\"2.0\\\"]\"]}]");
    assertThat(SyncScene.counts(scene.source(ADA, BEN, CLEO).synced()))
        .containsExactly(0L, 0L, 0L, 3L);
  }

  @Test
  void keysThatArePersonalDataAreNotTold(TestInfo test) throws Exception {
    SyncScene scene =
        scene(test)
            .columns("{ name = id, from = id, pii = true }, { name = email, from = email }")
            .source(ADA, ADA);

    PenstockRun run = scene.run();

    assertThat(run.json().at("/sync/excluded/0/keys/0").asText()).isEqualTo("[\"***\"]");
  }

  @Test
  void aRowThatDoesNotFitIsNotTakenForGone(TestInfo test) throws Exception {
    SyncScene scene =
        scene(test)
            .columns(
                "{ name = id, from = id }, { name = email, from = email, type = \"varchar(20)\" }")
            .source(ADA, BEN);
    Path job = scene.jobFile();
    Files.writeString(
        job,
        Files.readString(job)
            .replace("] }\nsync", "], on-bad-value = reject }\nrejects { max = 9 }\nsync"));
    // the scene writes its job file anew for each command, so it is run by hand
    assertThat(PenstockRun.run(scene.folder(), "run", job.toString()).exitCode()).isZero();
    scene.source("{'id': 1, 'email': 'ada.of.a.long.name@example.com'}");

    PenstockRun run = PenstockRun.run(scene.folder(), "run", job.toString(), "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(SyncScene.counts(run.json().path("sync"))).containsExactly(0L, 0L, 1L, 0L);
    assertThat(run.json().path("rowsRejected").asLong()).isEqualTo(1);
    assertThat(run.json().at("/sync/excluded/0/reason").asText()).isEqualTo("bad-value");
  }

  // cursors: strictly greater, as FACTS has it of RudderStack

  @Test
  void aRowThatTiesWithTheCheckpointIsFoundWithALagOnly(TestInfo test) throws Exception {
    String noon = "2026-11-01T12:00:00Z";
    SyncScene scene = scene(test).columns(WITH_CURSOR).sync(CURSOR).source(row(1, "a", noon));
    assertThat(scene.synced().path("checkpoint").asText()).isEqualTo("2026-11-01 12:00:00");
    scene.source(row(1, "a", noon), row(2, "b", noon), row(3, "c", "2026-11-01T12:00:01Z"));

    JsonNode without = scene.synced();

    assertThat(SyncScene.counts(without)).containsExactly(1L, 0L, 0L, 0L);
    assertThat(scene.received()).containsOnlyKeys("1", "3");
    JsonNode with = scene.sync(CURSOR + ", lag = 1s").synced();
    assertThat(with.path("full").isNull()).isTrue();
    assertThat(scene.received()).containsOnlyKeys("1", "3");
    assertThat(SyncScene.counts(scene.sync(CURSOR + ", lag = 2s").synced()))
        .containsExactly(1L, 0L, 0L, 2L);
    assertThat(scene.received()).containsOnlyKeys("1", "2", "3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta", "redshift"})
  void aRowThatComesLateIsFoundWithinTheLag(String place, TestInfo test) throws Exception {
    SyncScene scene =
        scene(test, place)
            .columns(WITH_CURSOR)
            .sync(CURSOR + ", lag = 10 minutes")
            .source(row(1, "a", "2026-11-01T12:00:00Z"));
    scene.synced();
    String late = row(2, "late", "2026-11-01T11:51:00Z");
    String tooLate = row(3, "too late", "2026-11-01T11:50:00Z");

    JsonNode second = scene.source(row(1, "a", "2026-11-01T12:00:00Z"), late, tooLate).synced();

    assertThat(SyncScene.counts(second)).containsExactly(1L, 0L, 0L, 1L);
    assertThat(second.path("checkpoint").asText()).isEqualTo("2026-11-01 12:00:00");
    assertThat(scene.received()).containsOnlyKeys("1", "2");
  }

  @Test
  void aCursorInTheFutureIsLeftOutToldAndNeverTheCheckpoint(TestInfo test) throws Exception {
    String ahead = java.time.Instant.now().plusSeconds(4).toString();
    SyncScene scene =
        scene(test)
            .columns(WITH_CURSOR)
            .sync(CURSOR)
            .source(
                row(1, "a", "2026-11-01T12:00:00Z"),
                row(2, "far", "2999-01-01T00:00:00Z"),
                row(3, "a clock that is ahead", ahead));

    JsonNode first = scene.synced();

    assertThat(SyncScene.counts(first)).containsExactly(1L, 0L, 0L, 0L);
    assertThat(first.path("checkpoint").asText()).isEqualTo("2026-11-01 12:00:00");
    assertThat(first.path("excluded").toString())
        .contains("\"reason\":\"future-cursor\",\"rows\":2");
    Thread.sleep(
        Math.max(
            0,
            java.time.Duration.between(
                    java.time.Instant.now(), java.time.Instant.parse(ahead).plusMillis(100))
                .toMillis()));
    JsonNode second = scene.synced();
    assertThat(SyncScene.counts(second)).containsExactly(1L, 0L, 0L, 0L);
    assertThat(second.at("/excluded/0/rows").asLong()).isEqualTo(1);
    assertThat(scene.received()).containsOnlyKeys("1", "3");
  }

  @Test
  void aRepeatedKeyIsReadAgainWhateverTheCursorSays(TestInfo test) throws Exception {
    String early = "2026-11-01T10:00:00Z";
    SyncScene scene =
        scene(test)
            .columns(WITH_CURSOR)
            .sync(CURSOR)
            .source(row(1, "a", early), row(1, "b", early), row(2, "c", "2026-11-01T12:00:00Z"));
    assertThat(SyncScene.counts(scene.synced())).containsExactly(1L, 0L, 0L, 0L);

    scene.source(row(1, "b", early), row(2, "c", "2026-11-01T12:00:00Z"));
    scene.synced();

    assertThat(scene.received()).isEqualTo(Map.of("1", "b", "2", "c"));
    assertThat(SyncScene.counts(scene.synced())).containsExactly(0L, 0L, 0L, 0L);
  }

  @Test
  void aChangedMappingOrSchemaMakesTheNextSyncFullAndSaysWhy(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN);
    scene.synced();

    JsonNode mapping =
        scene
            .columns("{ name = id, from = id }, { name = email, expr = \"upper(email)\" }")
            .source(ADA)
            .synced();

    assertThat(mapping.path("full").asText()).isEqualTo("the template has changed: email");
    assertThat(SyncScene.counts(mapping)).containsExactly(0L, 1L, 1L, 0L);
    assertThat(scene.received()).isEqualTo(Map.of("1", "ADA@EXAMPLE.COM"));

    JsonNode schema =
        scene.schema("id BIGINT, email STRING, updated TIMESTAMP, city STRING").synced();
    assertThat(schema.path("full").asText()).isEqualTo("the source's schema has changed: city");
    assertThat(SyncScene.counts(schema)).containsExactly(0L, 1L, 0L, 0L);

    assertThat(SyncScene.counts(scene.synced())).containsExactly(0L, 0L, 0L, 1L);
  }

  @Test
  void aNewDestinationGetsAllRows(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN);
    scene.synced();

    JsonNode second =
        scene.destination("}\n more { type = s3, directory = more, format = csv").synced();

    assertThat(second.path("full").asText()).isEqualTo("there are new destinations: more");
    assertThat(Files.readString(scene.folder().resolve("more/people_0000001.csv")))
        .contains("ada@example.com,update", "ben@example.com,update");
  }

  @Test
  void aStateThatIsLostIsRefusedUntilItIsAskedToStartAnew(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN);
    scene.synced();
    scene.synced();
    delete(scene.folder().resolve("sync-state"));

    PenstockRun lost = scene.run();

    assertThat(lost.exitCode()).isEqualTo(1);
    assertThat(lost.json().at("/error/code").asText()).isEqualTo("SYNC_STATE_LOST");
    assertThat(lost.err()).contains("--full");
    JsonNode anew = scene.source(ADA).synced("--full");
    assertThat(anew.path("full").asText()).isEqualTo("it was asked for");
    assertThat(SyncScene.counts(anew)).containsExactly(1L, 0L, 0L, 0L);
    assertThat(anew.path("number").asLong()).isEqualTo(3);
    assertThat(SyncScene.counts(scene.synced())).containsExactly(0L, 0L, 0L, 1L);
  }

  @Test
  void aStateThatIsDamagedIsRefused(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN);
    scene.synced();
    Path snapshot = scene.folder().resolve("sync-state/people/snapshot/1");
    Path data;
    try (Stream<Path> files = Files.list(snapshot)) {
      data = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(data);
    Files.write(data, new byte[whole.length]);
    assertThat(refusal(scene)).isEqualTo("STATE_UNREADABLE");
    Files.delete(data);
    assertThat(refusal(scene)).isEqualTo("STATE_UNREADABLE");
    delete(snapshot);
    assertThat(refusal(scene)).isEqualTo("STATE_UNREADABLE");
    Path document = scene.folder().resolve("sync-state/people/state.json");
    Files.writeString(document, Files.readString(document).substring(1));
    assertThat(refusal(scene)).isEqualTo("STATE_UNREADABLE");

    assertThat(scene.synced("--full").path("inserted").asLong()).isEqualTo(2);
  }

  private static String refusal(SyncScene scene) throws Exception {
    PenstockRun run = scene.run();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json().path("destinations").get(0).path("status").asText())
        .isEqualTo("not-started");
    return run.json().at("/error/code").asText();
  }

  @Test
  void twoSyncsOfOneJobDoNotWorkAtOnce(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA);
    Path place = scene.folder().resolve("sync-state");
    StoreLocation location = new StoreLocation.Directory(place.toString());
    try (ObjectStore store = Stores.open(location);
        RunLock other = RunLock.acquireSync(location, store, "people", "other")) {
      PenstockRun run = scene.run("-D", "state=elsewhere");

      assertThat(other).isNotNull();
      assertThat(run.exitCode()).as(run.err()).isEqualTo(9);
    }
    assertThat(scene.synced("-D", "state=elsewhere").path("inserted").asLong()).isEqualTo(1);
  }

  @Test
  void anOlderStateIsRefused(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA);
    scene.synced();
    Path document = scene.folder().resolve("sync-state/people/state.json");
    byte[] older = Files.readAllBytes(document);
    scene.synced();
    Files.write(document, older);

    assertThat(refusal(scene)).isEqualTo("SYNC_STATE_LOST");
  }

  private static void delete(Path folder) throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  void everyRowOfTheStateTellsWhatBecameOfIt(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN, CLEO);
    scene.synced();
    scene.source(EMAIL_MOVED, CLEO, "{'id': 4}", "{}").synced();

    List<String> snapshot =
        io.penstock.jobs.testing.LocalSpark.session()
            .read()
            .format("delta")
            .load(scene.folder().resolve("sync-state/people/snapshot/2").toString())
            .selectExpr("concat_ws(' ', id, operation, reason)")
            .as(org.apache.spark.sql.Encoders.STRING())
            .collectAsList();

    assertThat(snapshot)
        .containsExactlyInAnyOrder(
            "1 update", "2 delete", "3 unchanged", "4 insert", "excluded null-key");
    assertThat(scene.folder().resolve("sync-state/people/snapshot/1")).doesNotExist();
  }

  @Test
  void thePreviewTellsWhatTheNextSyncWouldSendAndNoneFromUnavailable(TestInfo test)
      throws Exception {
    SyncScene scene =
        scene(test)
            .columns("{ name = id, from = id }, { name = email, from = email, pii = true }")
            .source(ADA, BEN, CLEO);
    assertThat(scene.command("preview", "--diff").out())
        .startsWith("next sync: unavailable: there was no sync yet");
    scene.synced();
    scene.source(EMAIL_MOVED, CLEO, "{'id': 4, 'email': 'dora@example.com'}", "{}");

    String text = scene.command("preview", "--diff").out();
    JsonNode json = scene.command("preview", "--diff", "--json", "--rows", "1").json();

    assertThat(text)
        .startsWith(
            "next sync: 1 to insert, 1 to update, 1 to delete, 1 unchanged\n"
                + "  1 left out: a key column holds NULL or NaN\n")
        .doesNotContain("@example");
    assertThat(json.at("/diff/status").asText()).isEqualTo("available");
    assertThat(SyncScene.counts(json.path("diff"))).containsExactly(1L, 1L, 1L, 1L);
    assertThat(json.path("rows"))
        .extracting(JsonNode::toString)
        .containsExactlyInAnyOrder(
            "{\"id\":4,\"email\":\"***\",\"operation\":\"insert\"}",
            "{\"id\":1,\"email\":\"***\",\"operation\":\"update\"}",
            "{\"id\":2,\"email\":null,\"operation\":\"delete\"}");
    scene.source(ADA, BEN, CLEO);
    assertThat(scene.command("preview", "--diff").out())
        .startsWith("next sync: none to insert, none to update, none to delete, 3 unchanged");
    assertThat(SyncScene.counts(scene.synced())).containsExactly(0L, 0L, 0L, 3L);

    delete(scene.folder().resolve("sync-state"));
    JsonNode lost = scene.command("preview", "--diff", "--json").json();
    assertThat(lost.at("/diff/status").asText()).isEqualTo("unavailable");
    assertThat(lost.at("/diff/reason").asText()).contains("is lost");
    assertThat(lost.path("rows")).isEmpty();
  }
}
