package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job over a table in Redshift, by every command. */
class SourceCommandsIT {
  private static final SandboxProcess.Redshift REDSHIFT = SandboxProcess.shared().redshift();
  private static final String JOB =
      """
      job = "people"
      shared {
        endpoint-override = "$host:$port", host = "cluster.example.com", database = "$database"
        user = "$user", password = "$password", tls { mode = disable }
      }
      sources {
        people {
          format = redshift, connection = ${shared}, table = "$scene_crm.people", reader = unload
          staging { $s3, prefix = "$scene/unload" }
        }
      }
      template {
        columns = [
          { name = "id", from = "id", type = "bigint" }
          { name = "full_name", expr = "concat_ws(' ', first, last)", type = "varchar(80)", pii = true }
          { name = "tags", from = "tags" }
        ]
      }
      destinations { files { type = s3, directory = "out", format = ndjson, files = single } }
      """;

  @TempDir Path temporary;

  private RunScene scene(String name, String user, String password) throws Exception {
    RunScene scene = new RunScene(name, temporary.resolve(name));
    scene.jobFile(
        JOB.replace("$host", REDSHIFT.host())
            .replace("$port", String.valueOf(REDSHIFT.port()))
            .replace("$database", REDSHIFT.database())
            .replace("$user", user)
            .replace("$password", password));
    return scene;
  }

  private RunScene filled(String name) throws Exception {
    RunScene scene = scene(name, REDSHIFT.user(), REDSHIFT.password());
    scene.execute("CREATE SCHEMA " + name + "_crm");
    scene.execute(
        "CREATE TABLE "
            + name
            + "_crm.people (id INTEGER, first VARCHAR(40), last VARCHAR(40), tags SUPER, unused DATE)");
    scene.execute(
        "INSERT INTO "
            + name
            + "_crm.people VALUES (1, 'Ada', 'Lovelace', JSON_PARSE('[\"math\"]'), NULL),"
            + " (2, 'Grace', NULL, NULL, NULL)");
    return scene;
  }

  private static PenstockRun run(RunScene scene, String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command, "job.conf"));
    arguments.addAll(List.of(options));
    return PenstockRun.run(scene.folder(), arguments);
  }

  @Test
  void isCheckedPlannedVerifiedPreviewedAndRun() throws Exception {
    RunScene scene = filled("sourced");

    assertThat(run(scene, "check").exitCode()).isZero();
    PenstockRun plan = run(scene, "plan");
    assertThat(plan.out())
        .contains("people: redshift sourced_crm.people, reader unload")
        .contains(
            "UNLOAD ('SELECT \"id\", \"first\", \"last\", \"tags\" FROM"
                + " \"sourced_crm\".\"people\"') TO 's3://penstock/sourced/unload/people/")
        .contains("SELECT pg_last_unload_count()")
        .contains("tags super")
        .doesNotContain("unused", REDSHIFT.password(), SandboxProcess.shared().s3().secretKey());

    PenstockRun verify = run(scene, "verify");
    assertThat(verify.exitCode()).as(verify.out()).isZero();
    assertThat(verify.out().lines().filter(line -> line.contains("sources.people")))
        .extracting(line -> line.replaceFirst("^ok +(\\S+) +([^:]+):.*", "$1 $2"))
        .containsExactly(
            "sources.people Verifying connection",
            "sources.people Able to list schemas",
            "sources.people.staging Credentials",
            "sources.people.staging Bucket region",
            "sources.people.staging Write and delete",
            "skipped  sources.people.staging  Encryption key usable: nothing to examine",
            "sources.people.staging UNLOAD may write the staging prefix",
            "sources.people Source readable");

    PenstockRun preview = run(scene, "preview");
    assertThat(preview.out()).contains("***").contains("[\"math\"]").doesNotContain("Lovelace");
    assertThat(scene.objects()).isEmpty();

    PenstockRun delivered = run(scene, "run", "--json");
    assertThat(delivered.exitCode()).as(delivered.err()).isZero();
    JsonNode record = delivered.json();
    assertThat(record.path("rowsRead").asInt()).isEqualTo(2);
    assertThat(Files.readString(scene.folder().resolve("out/people_0000001.ndjson")).lines())
        .containsExactlyInAnyOrder(
            "{\"id\":1,\"full_name\":\"Ada Lovelace\",\"tags\":[\"math\"]}",
            "{\"id\":2,\"full_name\":\"Grace\",\"tags\":null}");
    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void aSourceThatCannotBeReadEndsWithItsExitCode() throws Exception {
    RunScene scene = filled("missing");
    scene.execute("DROP TABLE missing_crm.people");

    PenstockRun run = run(scene, "run");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("SOURCE_UNREADABLE").contains("sources.people.table");
  }

  @Test
  void inASandboxOfItsOwnNothingElseIsAsked() throws Exception {
    RunScene scene = scene("elsewhere", "nobody", "canary");

    PenstockRun run = run(scene, "run", "--sandbox", "-D", "shared.endpoint-override=127.0.0.1:1");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("SQLSTATE").doesNotContain("canary", "127.0.0.1:1");
  }
}
