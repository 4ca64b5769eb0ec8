package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.StateSchema;
import io.penstock.jobs.sync.StateLock;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Syncs of a table in Redshift whose state is beside it, by every command, as the user whom the
 * printed statements make: those of the seed of this direction, in its order, and no others.
 */
class SyncSchemaIT {
  private static final SandboxProcess.Redshift REDSHIFT = SandboxProcess.shared().redshift();
  private static final Pattern NEW_USER =
      Pattern.compile("CREATE USER \"[^\"]+\" WITH PASSWORD '([^']+)';");

  /** It says nothing of the state, and has no place for files. */
  private static final String JOB =
      """
      job = "people"
      sources {
        people {
          format = redshift, table = "crm_synced.people"
          connection {
            endpoint-override = "$host:$port", host = "cluster.example.com", database = "$database"
            user = "rudder", password = "$password", tls { mode = disable }
          }
        }
      }
      template { columns = [ { name = id, from = user_id }, { name = email, from = email } ] }
      sync { mode = mirror, keys = [id] }
      destinations { out { type = s3, directory = "out", format = ndjson, files = single, file-name = "out.json" } }
      """;

  @TempDir static Path temporary;

  private static RunScene scene(String password) throws Exception {
    RunScene scene = new RunScene("synced", temporary.resolve("synced"));
    scene.jobFile(
        JOB.replace("$host", REDSHIFT.host())
            .replace("$port", String.valueOf(REDSHIFT.port()))
            .replace("$database", REDSHIFT.database())
            .replace("$password", password));
    return scene;
  }

  private static PenstockRun run(RunScene scene, String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command, "job.conf"));
    arguments.addAll(List.of(options));
    return PenstockRun.run(scene.folder(), arguments);
  }

  private static JsonNode synced(RunScene scene, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--json"));
    all.addAll(List.of(options));
    PenstockRun run = run(scene, "run", all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json().path("sync");
  }

  private static List<String> checks(RunScene scene) {
    return run(scene, "verify")
        .out()
        .lines()
        .filter(line -> line.contains("sources.people"))
        .toList();
  }

  private static List<String> state(RunScene scene, String sql) throws Exception {
    return scene.rows(sql.replace("$", "\"_rudderstack\".\"penstock_people_"));
  }

  @Test
  void keepsItsStateWhereTheSeedSaysAndAsNobodyStronger() throws Exception {
    RunScene scene = scene("none");
    scene.execute("CREATE SCHEMA crm_synced");
    scene.execute("CREATE TABLE crm_synced.people (user_id VARCHAR(80), email VARCHAR(80))");
    scene.execute(
        "INSERT INTO crm_synced.people VALUES ('größe', 'a@x'), ('b', 'b@x'), (NULL, 'c')");
    List<String> statements =
        run(scene, "grants").out().lines().filter(line -> !line.startsWith("--")).toList();
    assertThat(statements)
        .extracting(sql -> sql.replaceFirst("PASSWORD '.*'", "PASSWORD '…'"))
        .containsExactly(
            "CREATE USER \"rudder\" WITH PASSWORD '…';",
            "CREATE SCHEMA \"_rudderstack\";",
            "GRANT ALL ON SCHEMA \"_rudderstack\" TO \"rudder\";",
            "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"_rudderstack\" TO \"rudder\";",
            "GRANT USAGE ON SCHEMA \"crm_synced\" TO \"rudder\";",
            "GRANT SELECT ON TABLE \"crm_synced\".\"people\" TO \"rudder\";");
    Matcher password = NEW_USER.matcher(statements.get(0));
    assertThat(password.matches()).isTrue();
    RunScene weak = scene(password.group(1));
    scene.execute(statements.get(0));
    scene.execute(statements.get(4));
    scene.execute(statements.get(5));
    assertThat(checks(weak).get(2))
        .startsWith("failed")
        .contains("Able to access state schema", "penstock grants");
    assertThat(run(weak, "run").err()).contains("STATE_UNREADABLE", "grants");
    scene.execute(statements.get(1));
    scene.execute(statements.get(2));
    scene.execute(statements.get(3));
    assertThat(checks(weak))
        .extracting(line -> line.replaceFirst("^(\\w+) +\\S+ +([^:]+):.*", "$1 $2"))
        .containsExactly(
            "ok Verifying connection",
            "ok Able to list schemas",
            "ok Able to access state schema",
            "ok Source readable");
    assertThat(run(weak, "plan").out())
        .contains(
            "state: schema _rudderstack in the Redshift of source people, tables penstock_people_…");
    assertThat(state(scene, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = '_rudderstack'"))
        .containsExactly("0");

    syncs(scene, weak);
    refusals(scene, weak);
  }

  private static void syncs(RunScene admin, RunScene scene) throws Exception {
    assertThat(SyncScene.counts(synced(scene))).containsExactly(2L, 0L, 0L, 0L);
    assertThat(SyncScene.counts(synced(scene))).containsExactly(0L, 0L, 0L, 2L);
    admin.execute("UPDATE crm_synced.people SET email = 'new' WHERE user_id = 'größe'");
    admin.execute("DELETE FROM crm_synced.people WHERE user_id = 'b'");
    admin.execute("INSERT INTO crm_synced.people VALUES ('d', 'd@x')");
    assertThat(run(scene, "preview", "--diff").out())
        .startsWith("next sync: 1 to insert, 1 to update, 1 to delete, none unchanged");

    JsonNode third = synced(scene);

    assertThat(SyncScene.counts(third)).containsExactly(1L, 1L, 1L, 0L);
    assertThat(third.at("/excluded/0/reason").asText()).isEqualTo("null-key");
    assertThat(Files.readAllLines(scene.folder().resolve("out/out.json")))
        .containsExactlyInAnyOrder(
            "{\"id\":\"größe\",\"email\":\"new\",\"operation\":\"update\"}",
            "{\"id\":\"d\",\"email\":\"d@x\",\"operation\":\"insert\"}",
            "{\"id\":\"b\",\"email\":null,\"operation\":\"delete\"}");
    assertThat(state(admin, "SELECT id, operation, reason FROM $snapshot_3\" ORDER BY 2, 1"))
        .containsExactly(
            "b|delete|null", "null|excluded|null-key", "d|insert|null", "größe|update|null");
    assertThat(state(admin, "SELECT COUNT(*), MAX(CHECKPOINT) FROM $cursor\""))
        .containsExactly("1|null");
    assertThat(state(admin, "SELECT sync, inserted, updated, deleted FROM $sync_log\" ORDER BY 1"))
        .containsExactly("1|2|0|0", "2|0|0|0", "3|1|1|1");
    assertThat(
            state(
                admin,
                "SELECT REPLACE(tablename, 'penstock_people_', '') || ' of ' || tableowner FROM"
                    + " pg_tables WHERE schemaname = '_rudderstack' ORDER BY 1"))
        .containsExactly(
            "cursor of rudder",
            "lock of rudder",
            "snapshot_3 of rudder",
            "state of rudder",
            "sync_log of rudder");
  }

  private static void refusals(RunScene admin, RunScene scene) throws Exception {
    StateSchema home =
        StateSchema.of(JobFiles.load(scene.folder().resolve("job.conf"), Overrides.none()))
            .orElseThrow();
    try (StateLock held = StateLock.acquire(home, Stores.secrets())) {
      PenstockRun second = run(scene, "run", "-D", "state=elsewhere");
      assertThat(held).isNotNull();
      assertThat(second.exitCode()).as(second.err()).isEqualTo(9);
    }
    state(admin, "SELECT 1");
    admin.execute("DELETE FROM \"_rudderstack\".penstock_people_snapshot_3 WHERE id = 'd'");
    assertThat(run(scene, "run", "--json").json().at("/error/code").asText())
        .isEqualTo("STATE_UNREADABLE");
    assertThat(run(scene, "preview", "--diff").out()).startsWith("next sync: unavailable: ");
    for (String table : List.of("state", "cursor", "sync_log", "snapshot_3", "lock")) {
      admin.execute("DROP TABLE \"_rudderstack\".penstock_people_" + table);
    }
    PenstockRun lost = run(scene, "run", "--json");
    assertThat(lost.json().at("/error/code").asText()).isEqualTo("SYNC_STATE_LOST");
    assertThat(lost.exitCode()).isEqualTo(1);
    JsonNode anew = synced(scene, "--full");
    assertThat(anew.path("number").asInt()).isEqualTo(4);
    assertThat(SyncScene.counts(anew)).containsExactly(2L, 0L, 0L, 0L);
    assertThat(SyncScene.counts(synced(scene))).containsExactly(0L, 0L, 0L, 2L);
  }
}
