package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.testing.EventsControl;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Syncs whose changes are events: what the receiver is told, and what it is told again. */
class SyncEventsIT {
  private static final EventsControl RECEIVER = SandboxProcess.shared().events();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADA = "{'id': 1, 'email': 'ada@example.com'}";
  private static final String BEN = "{'id': 2, 'email': 'ben@example.com'}";
  private static final String CLEO = "{'id': 3, 'email': 'cleo@example.com'}";

  @TempDir static Path temporary;

  @BeforeEach
  void empty() {
    RECEIVER.reset();
  }

  private static SyncScene scene(TestInfo test) throws Exception {
    return new SyncScene(temporary.resolve(test.getTestMethod().orElseThrow().getName()))
        .destinations(crm(""));
  }

  private static String crm(String keys) {
    return """
        crm {
          type = events
          to { http { url = "%s", write-key = "%s" } }
          identity { user-id = id }
          requests-per-second = null, retries = 0
          %s
        }
        """
        .formatted(RECEIVER.url(), RECEIVER.writeKey(), keys);
  }

  private static List<String> users(List<JsonNode> records) {
    return records.stream().map(Profiles::user).sorted().toList();
  }

  private static Set<String> ids(List<JsonNode> records) {
    Set<String> ids = new HashSet<>();
    records.forEach(record -> ids.add(Profiles.id(record)));
    return ids;
  }

  private static void requireIncomplete(PenstockRun run, int failed) throws Exception {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(8);
    JsonNode record = run.json();
    assertThat(record.path("status").asText()).isEqualTo("failed");
    assertThat(record.at("/error/code").asText()).isEqualTo("EVENTS_INCOMPLETE");
    assertThat(record.at("/sync/failed").asInt()).isEqualTo(failed);
    JsonNode last = record.path("destinations").get(record.path("destinations").size() - 1);
    assertThat(last.path("status").asText()).isEqualTo("failed");
    assertThat(last.path("rowsFailed").asInt()).isEqualTo(failed);
  }

  private static JsonNode requireDone(PenstockRun run) throws Exception {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json().path("sync");
  }

  @Test
  void whatWasNotAcceptedIsSentAgainUnderTheSameIdUntilItIs(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN, CLEO);
    RECEIVER.refuse("/userId", "2");

    requireIncomplete(scene.run(), 1);
    assertThat(users(RECEIVER.received())).containsExactly("1", "3");
    JsonNode tolerated = requireDone(scene.run("-D", "rejects.max=1"));
    assertThat(SyncScene.counts(tolerated)).containsExactly(1L, 0L, 0L, 2L);
    assertThat(tolerated.path("failed").asInt()).isEqualTo(1);

    // the receiver has it, and nobody hears of it
    RECEIVER.heal();
    RECEIVER.fault(Map.of("answer", "drop", "kept", "all", "times", 1));
    requireIncomplete(scene.command("run", "--json", "--run-id", "lost"), 1);
    assertThat(users(RECEIVER.received())).containsExactly("1", "2", "3");
    JsonNode done = requireDone(scene.command("run", "--json", "--run-id", "lost"));

    assertThat(SyncScene.counts(done)).containsExactly(1L, 0L, 0L, 2L);
    assertThat(done.path("failed").asInt()).isZero();
    assertThat(RECEIVER.received()).hasSize(4);
    assertThat(ids(RECEIVER.received())).hasSize(3);
    assertThat(Profiles.of(RECEIVER.received()).duplicates()).isEqualTo(1);
    assertThat(SyncScene.counts(requireDone(scene.run()))).containsExactly(0L, 0L, 0L, 3L);
    assertThat(RECEIVER.received()).hasSize(4);
  }

  @Test
  void failedRowsAreSentInTheirNewestVersionWhateverTheCursorSays(TestInfo test) throws Exception {
    String row = "{'id': %d, 'email': '%s', 'updated': '2026-11-01T12:00:0%dZ'}";
    SyncScene scene =
        scene(test)
            .columns(
                "{ name = id, from = id }, { name = email, from = email }, { name = updated, from = updated }")
            .sync("mode = upsert, keys = [id], cursor = updated")
            .source(row.formatted(1, "a", 1), row.formatted(2, "b", 2), row.formatted(3, "c", 3));
    RECEIVER.fault(Map.of("answer", "503", "kept", "all"));
    requireIncomplete(scene.run(), 3);
    List<JsonNode> first = RECEIVER.received();
    assertThat(users(first)).containsExactly("1", "2", "3");
    RECEIVER.heal();

    // below the checkpoint, one of them has changed and one is gone
    scene.source(row.formatted(1, "a", 1), row.formatted(2, "b2", 2));
    JsonNode sync = requireDone(scene.run());

    assertThat(sync.path("checkpoint").asText()).isEqualTo("2026-11-01 12:00:03");
    assertThat(SyncScene.counts(sync)).containsExactly(2L, 0L, 0L, 0L);
    List<JsonNode> second = RECEIVER.received().subList(3, 5);
    assertThat(users(second)).containsExactly("1", "2");
    for (JsonNode record : second) {
      assertThat(ids(first).contains(Profiles.id(record)))
          .isEqualTo(Profiles.user(record).equals("1"));
    }
    assertThat(Profiles.of(RECEIVER.received()).trait("email"))
        .isEqualTo(Map.of("1", "a", "2", "b2", "3", "c"));
  }

  @Test
  void whoeverIsGoneLosesEveryTraitAtAnEndpointAndInFiles(TestInfo test) throws Exception {
    SyncScene scene =
        scene(test)
            .destinations(
                crm("constants { source = warehouse }")
                    + """
                    lines {
                      type = events
                      to { s3 { directory = lines, file-name = "changes.json", files = single } }
                      identity { user-id = id }, constants { source = warehouse }
                    }
                    """)
            .source(ADA, BEN);
    requireDone(scene.run());
    List<JsonNode> lines = new ArrayList<>(lines(scene));
    // as if the key of a row had changed
    scene.source(CLEO, BEN.replace("ben@", "benedict@"));

    assertThat(SyncScene.counts(requireDone(scene.run()))).containsExactly(1L, 1L, 1L, 0L);

    JsonNode gone = lines(scene).get(0);
    assertThat(Profiles.user(gone)).isEqualTo("1");
    assertThat(gone.path("traits").toString()).isEqualTo("{\"email\":null,\"source\":null}");
    lines.addAll(lines(scene));
    Map<String, String> expected = Map.of("2", "benedict@example.com", "3", "cleo@example.com");
    assertThat(Profiles.of(RECEIVER.received()).trait("email")).isEqualTo(expected);
    assertThat(Profiles.of(lines).trait("email")).isEqualTo(expected);
    assertThat(scene.command("plan").out())
        .contains("  of a row that is gone: the same, with null for every trait");
  }

  private static List<JsonNode> lines(SyncScene scene) throws Exception {
    List<JsonNode> records = new ArrayList<>();
    for (String line : Files.readAllLines(scene.folder().resolve("lines/changes.json"))) {
      records.add(JSON.readTree(line));
    }
    return records;
  }

  @Test
  void filesOfASyncAreDoneThoughItsEventsAreNot(TestInfo test) throws Exception {
    SyncScene scene =
        scene(test)
            .destinations(
                "out { type = s3, directory = out, format = ndjson, files = single, mode = append }\n"
                    + crm(""))
            .source(ADA, BEN, CLEO);
    RECEIVER.refuse("/userId", "2");
    requireIncomplete(scene.command("run", "--json", "--run-id", "r"), 1);
    assertThat(scene.files()).containsExactly(".DONE", "people_r_0000001.ndjson");
    RECEIVER.heal();

    requireDone(scene.command("run", "--json", "--run-id", "r"));

    assertThat(scene.files())
        .containsExactly(".DONE", "2_people_r_0000001.ndjson", "people_r_0000001.ndjson");
    assertThat(scene.lines("people_r_0000001.ndjson")).hasSize(3);
    assertThat(scene.lines("2_people_r_0000001.ndjson"))
        .extracting(line -> line.path("id").asInt())
        .containsExactly(2);
    assertThat(users(RECEIVER.received())).containsExactly("1", "2", "3");
  }

  @Test
  void anEndpointThatTakesNothingLeavesTheSyncWhereItWas(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN);
    PenstockRun refused = scene.run("-D", "destinations.crm.to.http.write-key=none-of-it");
    assertThat(refused.exitCode()).isEqualTo(8);
    assertThat(refused.json().at("/error/code").asText()).isEqualTo("EVENTS_ENDPOINT_REFUSED");

    JsonNode first = requireDone(scene.run());

    assertThat(first.path("full").asText()).isEqualTo("it is the first sync");
    assertThat(SyncScene.counts(first)).containsExactly(2L, 0L, 0L, 0L);
    assertThat(users(RECEIVER.received())).containsExactly("1", "2");
  }

  @Test
  void otherTraitsAreForAllRowsAndThePreviewShowsThem(TestInfo test) throws Exception {
    SyncScene scene = scene(test).source(ADA, BEN);
    requireDone(scene.run());
    scene.destinations(crm("traits { \"contact.mail\" = email }")).source(BEN);

    PenstockRun preview = scene.command("preview", "--diff");
    JsonNode json = scene.command("preview", "--diff", "--json").json();
    JsonNode sync = requireDone(scene.run());

    assertThat(preview.out())
        .contains(
            "next sync: none to insert, 1 to update, 1 to delete, none unchanged",
            "all rows: what events say has changed: crm",
            "events of crm",
            "\"traits\":{\"contact\":{\"mail\":\"ben@example.com\"}}",
            "\"traits\":{\"contact\":{\"mail\":null}}");
    assertThat(json.at("/events/crm")).hasSize(2);
    assertThat(sync.path("full").asText()).isEqualTo("what events say has changed: crm");
    assertThat(SyncScene.counts(sync)).containsExactly(0L, 1L, 1L, 0L);
    assertThat(
            Stream.of(RECEIVER.received().get(2), RECEIVER.received().get(3))
                .map(record -> record.path("traits").toString()))
        .containsExactlyInAnyOrder(
            "{\"contact\":{\"mail\":null}}", "{\"contact\":{\"mail\":\"ben@example.com\"}}");
  }

  @Test
  void modeFullSendsEveryRowEachTime(TestInfo test) throws Exception {
    SyncScene scene = scene(test).sync("mode = full, keys = [id]").source(ADA, BEN);
    requireDone(scene.run());
    requireDone(scene.source(BEN, CLEO).run());

    assertThat(users(RECEIVER.received())).containsExactly("1", "2", "2", "3");
    assertThat(ids(RECEIVER.received())).hasSize(4);
    assertThat(RECEIVER.received())
        .allMatch(record -> record.path("traits").toString().matches("\\{\"email\":\"[^\"]*\"}"));
  }
}
