package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.WriteMode;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.RunContext;
import io.penstock.common.text.TextDialect;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventsPlanTest {
  private static RunPlan plan(String to) {
    JobFile job =
        JobFiles.parse(
            "job.conf",
            """
            job = "crm"
            state = "state"
            sources { people { format = parquet, path = "people" } }
            destinations {
              people {
                type = events
                to { %s }
                identity { user-id = id, email = mail }
                traits { "address.city" = city }
                constants { source = warehouse }
                event { track { name = "Seen" } }
              }
            }
            """
                .formatted(to),
            Path.of("/jobs"),
            Overrides.none());
    return RunPlans.plan(
        job, new RunContext("crm", "a/b", Instant.parse("2026-11-01T00:00:00Z"), Optional.empty()));
  }

  private static RunPlan sent() {
    return plan("http { url = \"https://h/v1/batch\", write-key = \"canary\" }");
  }

  private static EventsPlan events(RunPlan plan) {
    return ((DestinationPlan.Events) plan.destinations().get(0)).events();
  }

  @Test
  void decidesKeysAndPlaces() {
    EventsPlan events = events(sent());

    assertThat(events.keys()).containsExactly("id", "mail");
    assertThat(events.ofSync()).isFalse();
    assertThat(events.files()).isEmpty();
    assertThat(events.failed().toString()).isEqualTo("/jobs/state/events/crm/people");
    assertThat(events.rejects().location().toString()).isEqualTo("/jobs/state/rejects/crm/a_b");
    assertThat(events.rejects().fileName().of(1)).isEqualTo("refused_by_people_0000001.ndjson");
    EventsPlan ofSync = events.ofSync(List.of("row"));
    assertThat(ofSync.ofSync()).isTrue();
    assertThat(ofSync.keys()).containsExactly("row");
  }

  @Test
  void filesHoldOneRecordOnEachLine() {
    RunPlan plan = plan("s3 { directory = out, prefix = \"{{run_id}}\", mode = fail-if-exists }");
    DeliveryPlan files = events(plan).files().orElseThrow();

    assertThat(files.format()).isEqualTo(new OutputFormat.Text("ndjson", TextDialect.lines()));
    assertThat(files.fileName().of(1)).isEqualTo("crm_0000001.ndjson");
    assertThat(PlanText.lines(plan, List.of()))
        .contains("  first file: /jobs/out/a_b/crm_0000001.ndjson");
    RunPlan replacing = plan.withDeliveries(delivery -> delivery.withMode(WriteMode.OVERWRITE));
    assertThat(events(replacing).files().orElseThrow().mode()).isEqualTo(WriteMode.OVERWRITE);
  }

  @Test
  void isShownWithoutTheKey() {
    assertThat(PlanText.lines(sent(), List.of()))
        .containsSequence(
            "destination people (events)",
            "  to: https://h/v1/batch",
            "  batches: up to 100 rows and 500 kB, gzip, 50 requests per second, 8 retries",
            "  event: track \"Seen\"",
            "  user-id: id",
            "  email: mail",
            "  traits",
            "    address.city: city",
            "    source = \"warehouse\"")
        .noneMatch(line -> line.contains("canary"));
    JsonNode json = PlanText.json(sent(), List.of()).path("destinations").get(0);
    assertThat(json.path("type").asText()).isEqualTo("events");
    assertThat(json.path("url").asText()).isEqualTo("https://h/v1/batch");
    assertThat(json.at("/identity/user-id").asText()).isEqualTo("id");
    assertThat(json.path("traits").toString()).isEqualTo("{\"address.city\":\"city\"}");
    assertThat(json.path("requestsPerSecond").asInt()).isEqualTo(50);
    assertThat(json.toString()).doesNotContain("canary");
  }
}
