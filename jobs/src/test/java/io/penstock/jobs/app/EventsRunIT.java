package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.jobs.testing.EventsControl;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands over a job that sends events, as a user sees them. */
class EventsRunIT {
  private static final EventsControl RECEIVER = SandboxProcess.shared().events();

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void job() throws Exception {
    RECEIVER.reset();
    Files.writeString(
        folder.resolve("people.csv"),
        "id,email,city\n1,ada@example.com,London\n2,,Paris\n3,bob@example.com,\n");
    Files.writeString(
        folder.resolve("people.conf"),
        """
        job = "people"
        state = "state"
        sources {
          people { format = csv, path = "people.csv", schema = "id INT, email STRING, city STRING", options { header = "true" } }
        }
        query = "SELECT * FROM people ORDER BY id"
        template {
          columns = [
            { name = "user_id", from = "id", type = "integer" }
            { name = "email", from = "email", type = "varchar(40)", pii = true }
            { name = "city", from = "city", type = "varchar(40)" }
          ]
        }
        destinations {
          files { type = s3, directory = "out", format = ndjson }
          crm {
            type = events
            to { http { url = "%s", write-key = "%s" } }
            identity { user-id = user_id }
            traits { "email" = email, "address.city" = city }
            retries = 1
          }
        }
        """
            .formatted(RECEIVER.url(), RECEIVER.writeKey()));
  }

  private PenstockRun penstock(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command, "people.conf"));
    arguments.addAll(List.of(options));
    PenstockRun run = PenstockRun.run(folder, arguments);
    assertThat(run.out() + run.err() + run.log()).doesNotContain(RECEIVER.writeKey());
    return run;
  }

  private static List<String> traits() {
    return RECEIVER.received().stream().map(record -> record.path("traits").toString()).toList();
  }

  @Test
  void aRunSendsEveryRowOnce() throws Exception {
    PenstockRun run = penstock("run", "--run-id", "r1", "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(traits())
        .containsExactlyInAnyOrder(
            "{\"address\":{\"city\":\"London\"},\"email\":\"ada@example.com\"}",
            "{\"address\":{\"city\":\"Paris\"},\"email\":null}",
            "{\"address\":{\"city\":null},\"email\":\"bob@example.com\"}");
    JsonNode crm = run.json().at("/destinations/1");
    assertThat(crm.path("type").asText()).isEqualTo("events");
    assertThat(crm.path("rows").asInt()).isEqualTo(3);
    assertThat(crm.path("rowsSent").asInt()).isEqualTo(3);
    assertThat(crm.path("rowsFailed").asInt()).isZero();
    assertThat(crm.path("retries").asInt()).isZero();
    assertThat(LocalSpark.session().sparkContext().getConf().toDebugString())
        .doesNotContain(RECEIVER.writeKey());

    PenstockRun again = penstock("run", "--run-id", "r1");
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("already-done", "crm: 3 events in");
    assertThat(RECEIVER.received()).hasSize(3);
  }

  @Test
  void whatIsNotAcceptedFailsTheRunUnlessItMayBeRejected() throws Exception {
    RECEIVER.refuse("/userId", "2");

    PenstockRun failed = penstock("run", "--run-id", "r1", "--json");

    assertThat(failed.exitCode()).isEqualTo(8);
    assertThat(failed.json().at("/error/code").asText()).isEqualTo("EVENTS_INCOMPLETE");
    assertThat(failed.json().at("/error/message").asText()).contains("1 of 3 rows");
    assertThat(RECEIVER.received()).hasSize(2);
    assertThat(folder.resolve("out/.DONE")).doesNotExist();

    PenstockRun allowed = penstock("run", "--run-id", "r1", "--json", "-D", "rejects.max=1");

    assertThat(allowed.exitCode()).as(allowed.err()).isZero();
    assertThat(allowed.json().path("rowsRejected").asInt()).isEqualTo(1);
    assertThat(allowed.json().at("/destinations/1/rowsFailed").asInt()).isEqualTo(1);
    assertThat(RECEIVER.received().stream().map(record -> record.path("messageId")).distinct())
        .hasSize(2);
    try (Stream<Path> rejects = Files.list(folder.resolve("state/rejects/people/r1"))) {
      assertThat(rejects.map(file -> file.getFileName().toString()))
          .filteredOn(name -> !name.startsWith("."))
          .containsExactly("refused_by_crm_0000001.ndjson");
    }
    assertThat(folder.resolve("out/.DONE")).exists();
  }

  @Test
  void aWrongKeyIsTheEndOfIt() throws Exception {
    PenstockRun run =
        penstock("run", "--json", "-D", "destinations.crm.to.http.write-key=none-of-it");

    assertThat(run.exitCode()).isEqualTo(8);
    assertThat(run.json().at("/error/code").asText()).isEqualTo("EVENTS_ENDPOINT_REFUSED");
    assertThat(run.json().at("/error/message").asText())
        .contains("check destinations.crm.to.http.write-key")
        .doesNotContain("none-of-it");
    assertThat(RECEIVER.received()).isEmpty();
  }

  @Test
  void verifyTriesTheKeyAndLooksForTheColumns() throws Exception {
    PenstockRun ok = penstock("verify");
    assertThat(ok.exitCode()).as(ok.out()).isZero();
    assertThat(ok.out())
        .contains(
            "ok       destinations.crm  Endpoint takes the write key: 127.0.0.1",
            "ok       destinations.crm  Identity column present: user_id");
    assertThat(RECEIVER.received()).isEmpty();

    PenstockRun refused = penstock("verify", "-D", "destinations.crm.to.http.write-key=none-of-it");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.out())
        .contains(
            "failed   destinations.crm  Endpoint takes the write key",
            "the endpoint answered 401",
            "check destinations.crm.to.http.write-key");

    PenstockRun nowhere =
        penstock("verify", "-D", "destinations.crm.to.http.url=http://127.0.0.1:1/v1/batch");
    assertThat(nowhere.out()).contains("the endpoint cannot be reached");

    Path job = folder.resolve("people.conf");
    Files.writeString(
        job,
        Files.readString(job)
            .replaceFirst("(?s)template \\{.*?\\n}\\n", "")
            .replace("user-id = user_id", "user-id = nobody"));
    PenstockRun nobody = penstock("verify");
    assertThat(nobody.exitCode()).isEqualTo(3);
    assertThat(nobody.out().lines().filter(line -> line.startsWith("failed")))
        .singleElement()
        .asString()
        .contains("destinations.crm  Identity column present", "nobody");
  }

  @Test
  void previewShowsTheRecords() throws Exception {
    PenstockRun masked = penstock("preview", "--rows", "1", "--columns", "MAIL");

    assertThat(masked.exitCode()).as(masked.err()).isZero();
    assertThat(masked.out().lines().limit(6))
        .containsExactly("email", "-----", "***", "", "{\"email\":\"***\"}", "");
    assertThat(masked.out())
        .contains(
            "events of crm",
            "\"userId\":\"1\"",
            "\"traits\":{\"address\":{\"city\":\"London\"},\"email\":\"***\"}")
        .doesNotContain("ada@");

    JsonNode json = penstock("preview", "--json", "--columns", "*_id").json();
    assertThat(json.path("rows").toString())
        .isEqualTo("[{\"user_id\":1},{\"user_id\":2},{\"user_id\":3}]");
    assertThat(json.at("/events/crm")).hasSize(3);
    assertThat(json.at("/events/crm/2/traits/address/city").isNull()).isTrue();

    PenstockRun none = penstock("preview", "--columns", "phone");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--columns phone finds no column", "user_id, email, city");
  }

  @Test
  void theShippedExampleRunsOnASandboxOfItsOwn() throws Exception {
    Path example = Path.of("..", "conf", "jobs", "events.conf").toAbsolutePath().normalize();

    PenstockRun run =
        PenstockRun.run(
            folder, "run", example.toString(), "--sandbox", "--json", "-D", "state=" + folder);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().at("/destinations/0/rowsSent").asInt()).isEqualTo(4);
  }

  @Test
  void anUnencryptedEndpointIsWarnedAbout() {
    PenstockRun check =
        penstock(
            "check",
            "-D",
            "destinations.crm.to.http.url=http://events.example.com/v1/batch",
            "-D",
            "destinations.crm.allow-plain-http=true");

    assertThat(check.exitCode()).isZero();
    assertThat(check.err()).contains("warning: destinations.crm sends its write key");
  }

  @Test
  void failuresThatPassAreRepeated() throws Exception {
    RECEIVER.fault(Map.of("answer", "503", "retryAfter", "0", "times", 1));

    PenstockRun run = penstock("run", "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().at("/destinations/1/retries").asInt()).isEqualTo(1);
    assertThat(RECEIVER.received()).hasSize(3);
  }
}
