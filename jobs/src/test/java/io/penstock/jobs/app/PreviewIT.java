package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What different principals are shown, and what they may send. */
class PreviewIT {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void job() throws Exception {
    Files.writeString(
        folder.resolve("people.csv"), "id,email,city\n1,ada@example.com,London\n2,,Paris\n");
    Files.writeString(
        folder.resolve("people.conf"),
        """
        job = "people"
        sources {
          people { format = csv, path = "people.csv", schema = "id INT, email STRING, city STRING", options { header = "true" } }
        }
        query = "SELECT id, email, named_struct('email', email, 'city', city) AS contact FROM people ORDER BY id"
        template {
          columns = [
            { name = "id", from = "id", type = "integer" }
            { name = "email", from = "email", type = "varchar(40)", pii = true }
            { name = "domain", expr = "substring_index(email, '@', -1)", pii = true }
            { name = "contact", from = "contact", type = "super", pii = true }
          ]
        }
        destinations {
          files { type = s3, directory = "out", format = ndjson, allow-business-users = true }
        }
        access {
          principals {
            ada  { role = operator, restrict-pii = false }
            ben  { role = business, restrict-pii = false }
            cleo { role = business, restrict-pii = true }
          }
        }
        """);
  }

  private PenstockRun penstock(String... arguments) throws Exception {
    return PenstockRun.run(folder, arguments);
  }

  @Test
  void tableAndRecordsAreMaskedForWhomNobodyVouches() throws Exception {
    PenstockRun preview = penstock("preview", "people.conf");

    assertThat(preview.exitCode()).as(preview.err()).isZero();
    assertThat(preview.out().lines())
        .containsExactly(
            "id  email  domain  contact",
            "--  -----  ------  -------",
            "1   ***    ***     ***",
            "2   NULL   NULL    ***",
            "",
            "{\"id\":1,\"email\":\"***\",\"domain\":\"***\",\"contact\":\"***\"}",
            "{\"id\":2,\"email\":null,\"domain\":null,\"contact\":\"***\"}");
  }

  @Test
  void whoMaySeePersonalDataSeesThem() throws Exception {
    PenstockRun seen =
        penstock("preview", "people.conf", "--principal", "ben", "--json", "--rows", "1");
    assertThat(seen.exitCode()).as(seen.err()).isZero();
    assertThat(seen.json())
        .hasToString(
            "{\"job\":\"people\",\"masked\":[],\"rows\":[{\"id\":1,"
                + "\"email\":\"ada@example.com\",\"domain\":\"example.com\","
                + "\"contact\":{\"email\":\"ada@example.com\",\"city\":\"London\"}}]}");

    PenstockRun restricted = penstock("preview", "people.conf", "--principal", "cleo", "--json");
    assertThat(restricted.exitCode()).as(restricted.err()).isZero();
    assertThat(restricted.json().path("masked").toString())
        .isEqualTo("[\"email\",\"domain\",\"contact\"]");
    assertThat(restricted.out()).doesNotContain("example.com", "London");
  }

  @Test
  void whoMayNotUseADestinationSendsNothing() throws Exception {
    PenstockRun refused = penstock("run", "people.conf", "--principal", "cleo");
    assertThat(refused.exitCode()).isEqualTo(10);
    assertThat(refused.err()).contains("destinations.files.allow-limited-pii = true");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve(".penstock")).doesNotExist();

    PenstockRun sent = penstock("run", "people.conf", "--principal", "ben", "--quiet");
    assertThat(sent.exitCode()).as(sent.err()).isZero();
    assertThat(folder.resolve("out/.DONE")).exists();
  }
}
