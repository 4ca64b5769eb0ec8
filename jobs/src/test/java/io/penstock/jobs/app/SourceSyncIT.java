package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sync reads a source in Redshift no further than it has to, and sends what it compared. */
class SourceSyncIT {
  private static final SandboxProcess.Redshift REDSHIFT = SandboxProcess.shared().redshift();
  private static final String JOB =
      """
      job = "people"
      sources {
        people {
          format = redshift, table = "public.$scene", $reader
          connection {
            host = "$host", port = $port, database = "$database", tls { mode = disable }
            user = "$user", password = "$password"
          }
        }
      }
      template {
        columns = [
          { name = "user_id", from = "id" }, { name = "email", from = "email" }
          { name = "changed", from = "changed" }
        ]
      }
      sync { $sync, keys = [user_id], state { path = "sync-state" } }
      destinations {
        out { type = s3, directory = "out", format = ndjson, files = single, file-name = "changes.json" }
      }
      """;

  @TempDir static Path temporary;

  private static RunScene scene(String name, String reader, String sync) throws Exception {
    RunScene scene = new RunScene(name, temporary.resolve(name));
    String staging =
        reader.equals("unload") ? ", staging { $s3, prefix = \"$scene\", keep = true }" : "";
    scene.jobFile(
        JOB.replace("$host", REDSHIFT.host())
            .replace("$port", String.valueOf(REDSHIFT.port()))
            .replace("$database", REDSHIFT.database())
            .replace("$user", REDSHIFT.user())
            .replace("$password", REDSHIFT.password())
            .replace("$reader", "reader = " + reader + staging)
            .replace("$sync", sync));
    return scene;
  }

  private static JsonNode synced(RunScene scene, String runId) throws Exception {
    PenstockRun run =
        PenstockRun.run(scene.folder(), "run", "job.conf", "--json", "--run-id", runId);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json().path("sync");
  }

  /** Rows that several reads give differently are sent as they were compared. */
  @Test
  void whatIsSentIsWhatWasCompared() throws Exception {
    RunScene scene = scene("moving", "jdbc", "mode = mirror");
    String view = "CREATE OR REPLACE VIEW public.moving AS SELECT 1 AS id, ";
    String changed = " AS email, CAST('2024-01-01 00:00:00+00' AS TIMESTAMPTZ) AS changed";
    scene.execute(view + "CAST(RANDOM() AS VARCHAR(40))" + changed);
    synced(scene, "r1");
    String sent = Files.readString(scene.folder().resolve("out/changes.json"));
    String email = sent.replaceFirst("(?s).*\"email\":\"([^\"]+)\".*", "$1");

    scene.execute(view + "CAST('" + email + "' AS VARCHAR(40))" + changed);
    JsonNode second = synced(scene, "r2");

    assertThat(email).startsWith("0.");
    assertThat(SyncScene.counts(second)).containsExactly(0L, 0L, 0L, 1L);
  }

  @Test
  void aCursorIsAskedForInTheDatabase() throws Exception {
    RunScene scene = scene("cursored", "unload", "mode = upsert, cursor = changed");
    scene.execute(
        "CREATE TABLE public.cursored (id INTEGER, email VARCHAR(40), changed TIMESTAMPTZ)");
    scene.execute(
        "INSERT INTO public.cursored VALUES (1, 'a', '2024-01-01 00:00:00+00'),"
            + " (2, 'b', '2024-01-02 00:00:00+00')");
    assertThat(SyncScene.counts(synced(scene, "r1"))).containsExactly(2L, 0L, 0L, 0L);
    Map<String, String> first = scene.objects();

    scene.execute(
        "UPDATE public.cursored SET email = 'c', changed = '2024-01-03 00:00:00+00' WHERE id = 1");
    assertThat(SyncScene.counts(synced(scene, "r2"))).containsExactly(0L, 1L, 0L, 0L);

    // a row lies in a file of its own
    assertThat(first.keySet()).filteredOn(key -> key.endsWith(".parquet")).hasSize(2);
    List<String> second =
        scene.objects().keySet().stream()
            .filter(key -> key.endsWith(".parquet") && !first.containsKey(key))
            .toList();
    assertThat(second).hasSize(1);
    assertThat(Files.readString(scene.folder().resolve("out/changes.json")))
        .contains("\"email\":\"c\"");
  }
}
