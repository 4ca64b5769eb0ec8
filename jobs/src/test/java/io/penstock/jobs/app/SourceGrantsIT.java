package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code grants} prints for a source with a sync is what RudderStack's guide prints, and what
 * the job needs: a superuser runs it line by line, a verification says what is missing after each,
 * and then the job runs as the user that it made.
 */
class SourceGrantsIT {
  private static final SandboxProcess.Redshift REDSHIFT = SandboxProcess.shared().redshift();
  private static final Pattern NEW_USER =
      Pattern.compile("CREATE USER \"[^\"]+\" WITH PASSWORD '([^']+)';");
  private static final String JOB =
      """
      job = "people"
      sources {
        people {
          format = redshift, table = "$scene_crm.people", reader = $reader
          connection {
            host = "$host", port = $port, database = "$database", tls { mode = disable }
            user = "$scene_rudder", password = { env = "RUDDER_PASSWORD" }
          }
          staging { $s3, prefix = "$scene/unload" }
        }
      }
      template {
        columns = [ { name = "user_id", from = "user_id" }, { name = "email", from = "email" } ]
      }
      sync { mode = mirror, keys = [user_id], state { $state } }
      destinations {
        out { type = s3, directory = "out", format = ndjson, files = single, file-name = "changes.json" }
      }
      """;

  @TempDir static Path temporary;

  private static RunScene scene(String name, String reader, String state) throws Exception {
    RunScene scene = new RunScene(name, temporary.resolve(name));
    scene.jobFile(
        JOB.replace("$host", REDSHIFT.host())
            .replace("$port", String.valueOf(REDSHIFT.port()))
            .replace("$database", REDSHIFT.database())
            .replace("$reader", reader)
            .replace("$state", state));
    return scene;
  }

  private static RunScene filled(String name, String reader, String state) throws Exception {
    RunScene scene = scene(name, reader, state);
    scene.execute("CREATE SCHEMA " + name + "_crm");
    scene.execute("CREATE TABLE " + name + "_crm.people (user_id INTEGER, email VARCHAR(40))");
    scene.execute("INSERT INTO " + name + "_crm.people VALUES (1, 'ada@x.com'), (2, 'bo@x.com')");
    return scene;
  }

  private static PenstockRun run(RunScene scene, String password, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "job.conf"));
    arguments.addAll(List.of("-D", "sources.people.connection.password=" + password));
    arguments.addAll(List.of(more));
    PenstockRun run = PenstockRun.run(scene.folder(), arguments);
    assertThat(run.out() + run.err() + run.log()).doesNotContain(password);
    return run;
  }

  private static List<String> printed(RunScene scene, String... options) {
    List<String> arguments = new ArrayList<>(List.of("grants", "job.conf"));
    arguments.addAll(List.of(options));
    PenstockRun grants = PenstockRun.run(scene.folder(), arguments);
    assertThat(grants.exitCode()).as(grants.err()).isZero();
    return grants.out().lines().filter(line -> !line.startsWith("--")).toList();
  }

  private static String passwordOf(String statement) {
    Matcher created = NEW_USER.matcher(statement);
    assertThat(created.matches()).as(statement).isTrue();
    return created.group(1);
  }

  /** Does as a superuser what is printed, and answers the password of the user that it makes. */
  private static String granted(RunScene scene) throws SQLException {
    List<String> statements = printed(scene);
    for (String statement : statements) {
      scene.execute(statement);
    }
    return passwordOf(statements.get(0));
  }

  /** What verify says of the first check that fails; empty where none does. */
  private static String firstFailure(RunScene scene, String password) {
    return run(scene, password, "verify")
        .out()
        .lines()
        .filter(line -> line.startsWith("failed"))
        .findFirst()
        .orElse("");
  }

  @Test
  void eachValidationFailsWithItsRemedyWhereItsGrantIsMissing() throws Exception {
    // others keep state there as well
    String empty = "DROP SCHEMA IF EXISTS \"_rudderstack\" CASCADE";
    String state = "schema = \"_rudderstack\"";
    RunScene scene = filled("guided", "jdbc", state);
    scene.execute(empty);
    List<String> statements = printed(scene);
    assertThat(statements)
        .extracting(sql -> sql.replaceFirst("PASSWORD '.*'", "PASSWORD '…'"))
        .containsExactly(
            "CREATE USER \"guided_rudder\" WITH PASSWORD '…';",
            "CREATE SCHEMA \"_rudderstack\";",
            "GRANT ALL ON SCHEMA \"_rudderstack\" TO \"guided_rudder\";",
            "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"_rudderstack\" TO \"guided_rudder\";",
            "GRANT USAGE ON SCHEMA \"guided_crm\" TO \"guided_rudder\";",
            "GRANT SELECT ON TABLE \"guided_crm\".\"people\" TO \"guided_rudder\";");
    String password = passwordOf(statements.get(0));
    String[] expected = {
      "Verifying connection",
      "Able to access state schema",
      "Able to access state schema",
      "Able to access state schema",
      "Source readable",
      "Source readable"
    };
    String[] remedies = {
      "connection.user",
      statements.get(1) + " " + without(statements.get(2)),
      without(statements.get(2)),
      without(statements.get(3)),
      "grants prints",
      "grants prints"
    };

    for (int i = 0; i < statements.size(); i++) {
      assertThat(firstFailure(scene, password))
          .as("before " + statements.get(i))
          .contains("sources.people  " + expected[i], remedies[i]);
      scene.execute(statements.get(i));
      if (statements.get(i).startsWith("CREATE SCHEMA")) {
        scene.execute("CREATE TABLE _rudderstack.penstock_people_sync_log (n INTEGER)");
      }
    }

    scene.execute("REVOKE SELECT ON pg_catalog.pg_namespace FROM PUBLIC");
    try {
      assertThat(firstFailure(scene, password))
          .contains("sources.people  Able to list schemas", "pg_catalog.pg_namespace");
    } finally {
      scene.execute("GRANT SELECT ON pg_catalog.pg_namespace TO PUBLIC");
    }
    PenstockRun verify = run(scene, password, "verify");
    assertThat(verify.exitCode()).as(verify.out()).isZero();
    assertThat(verify.out())
        .contains(
            "ok       sources.people  Verifying connection: database ",
            "ok       sources.people  Able to list schemas: ",
            "ok       sources.people  Able to access state schema: _rudderstack",
            "ok       sync.keys  Keys unique: 2 rows");
    assertThat(scene.rows("SELECT count(*) FROM pg_tables WHERE schemaname = '_rudderstack'"))
        .containsExactly("1");
    scene.execute(empty);
  }

  private static String without(String statement) {
    return statement.substring(0, statement.length() - 1);
  }

  @Test
  void runsAsTheUserWhomGrantsPrintsAndNobodyStronger() throws Exception {
    RunScene scene = filled("granted", "unload", "schema = \"_granted_state\"");
    scene.execute("CREATE TABLE granted_crm.secret (n INTEGER)");
    String password = granted(scene);

    PenstockRun first = run(scene, password, "run", "--json", "--run-id", "r1");
    scene.execute("UPDATE granted_crm.people SET email = 'bob@x.com' WHERE user_id = 2");
    scene.execute("DELETE FROM granted_crm.people WHERE user_id = 1");
    PenstockRun second = run(scene, password, "run", "--json", "--run-id", "r2");

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.json().at("/sync/inserted").asInt()).isEqualTo(2);
    assertThat(second.exitCode()).as(second.err()).isZero();
    JsonNode sync = second.json().path("sync");
    assertThat(SyncScene.counts(sync)).containsExactly(0L, 1L, 1L, 0L);
    assertThat(Files.readAllLines(scene.folder().resolve("out/changes.json")))
        .containsExactlyInAnyOrder(
            "{\"user_id\":2,\"email\":\"bob@x.com\",\"operation\":\"update\"}",
            "{\"user_id\":1,\"email\":null,\"operation\":\"delete\"}");
    assertThat(scene.objects()).isEmpty();
    SandboxProcess.Redshift asUser =
        new SandboxProcess.Redshift(
            REDSHIFT.host(),
            REDSHIFT.port(),
            REDSHIFT.database(),
            "granted_rudder",
            password,
            null);
    try (Connection session = asUser.connect();
        Statement statement = session.createStatement()) {
      assertThatThrownBy(() -> statement.execute("SELECT * FROM granted_crm.secret"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> statement.execute("DELETE FROM granted_crm.people"))
          .hasMessageContaining("permission denied");
    }
  }

  /** The optional statements are for tables that are not there yet. */
  @Test
  void optionalStatementsReadTheOtherTables() throws Exception {
    RunScene scene = filled("optional", "jdbc", "path = \"sync-state\"");
    scene.execute("CREATE TABLE optional_crm.now (n INTEGER)");
    List<String> statements = printed(scene, "--optional");
    for (String statement : statements) {
      scene.execute(statement);
    }
    scene.execute("CREATE TABLE optional_crm.later (n INTEGER)");

    assertThat(statements).hasSize(5);
    for (String table : List.of("now", "later")) {
      assertThat(
              scene.rows(
                  "SELECT has_table_privilege('optional_rudder', 'optional_crm."
                      + table
                      + "', 'select')"))
          .containsExactly("t");
    }
  }

  @Test
  void keysThatAreNotUniqueAndAStateThatCannotBeWrittenAreTold() throws Exception {
    RunScene scene = filled("keyed", "jdbc", "path = \"sync-state\"");
    scene.execute(
        "INSERT INTO keyed_crm.people VALUES (2, 'b'), (2, 'c'), (NULL, 'd'), (NULL, 'e')");
    String password = granted(scene);
    Files.writeString(scene.folder().resolve("sync-state"), "a file where a folder belongs");

    PenstockRun verify = run(scene, password, "verify");

    assertThat(verify.exitCode()).isEqualTo(3);
    assertThat(verify.out().lines().filter(line -> line.startsWith("failed")).toList())
        .satisfiesExactly(
            state -> assertThat(state).contains("sync.state.path  State writable"),
            keys ->
                assertThat(keys)
                    .contains(
                        "sync.keys  Keys unique",
                        "3 rows share 1 keys, and 2 have none",
                        "add to sync.keys"));
  }
}
