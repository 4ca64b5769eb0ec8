package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.plan.LedgerStatements;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.Tool;
import io.penstock.jobs.verify.Check;
import io.penstock.jobs.verify.CheckResult;
import io.penstock.jobs.verify.CheckResult.Status;
import io.penstock.jobs.verify.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code grants} prints is what a job needs: a superuser runs it line by line, a verification
 * says what is missing after each, and then the job runs as the user that it made.
 */
class GrantsIT {
  private static final SandboxProcess.Redshift REDSHIFT = SandboxProcess.shared().redshift();
  private static final Pattern NEW_USER =
      Pattern.compile("CREATE USER \"([^\"]+)\" WITH PASSWORD '([^']+)';");
  private static final String JOB =
      """
      job = "people"
      sources {
        people { format = csv, path = "people.csv", schema = "id BIGINT, name STRING", options { header = "true" } }
      }
      template {
        columns = [
          { name = "id", from = "id", type = "bigint" }
          { name = "full_name", from = "name", type = "varchar(40)" }
        ]
      }
      destinations {
        warehouse {
          $warehouse
          connection {
            host = "$host", port = $port, endpoint-override = null
            user = "$scene_loader", password = { env = "LOADER_PASSWORD" }
          }
          table.schema = "$scene_sales"
          write = overwrite
          tableau {
            datasource = "out/people.tds", reader = "$scene_reader"
            reader-password = { env = "READER_PASSWORD" }
          }
        }
      }
      """;

  @TempDir static Path temporary;

  private final Map<String, String> passwords = new HashMap<>();

  private static RunScene scene(String name) throws Exception {
    RunScene scene = new RunScene(name, temporary.resolve(name));
    Files.writeString(scene.folder().resolve("people.csv"), "id,name\n1,Ada\n2,Grace\n");
    scene.execute("CREATE SCHEMA " + name + "_sales");
    scene.jobFile(
        JOB.replace("$host", REDSHIFT.host()).replace("$port", String.valueOf(REDSHIFT.port())));
    return scene;
  }

  private static Path jobFile(RunScene scene) {
    return scene.folder().resolve("job.conf");
  }

  /** The statements that are printed, without the comments. */
  private static List<String> printed(RunScene scene, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("grants", jobFile(scene).toString()));
    command.addAll(List.of(options));
    PenstockRun grants = PenstockRun.run(scene.folder(), command);
    assertThat(grants.exitCode()).as(grants.err()).isZero();
    return grants.out().lines().filter(line -> !line.startsWith("--")).toList();
  }

  /** As a superuser. */
  private void execute(RunScene scene, String statement) throws SQLException {
    Matcher user = NEW_USER.matcher(statement);
    if (user.matches()) {
      passwords.put(user.group(1), user.group(2));
    }
    scene.execute(statement);
  }

  private Map<String, String> passwords(String name) {
    return Map.of(
        "destinations.warehouse.connection.password",
        passwords.getOrDefault(name + "_loader", "none"),
        "destinations.warehouse.tableau.reader-password",
        passwords.getOrDefault(name + "_reader", "none"));
  }

  /** The checks of the warehouse alone, in this process: they need no Spark. */
  private List<CheckResult> checks(RunScene scene, String name) {
    JobFile job = JobFiles.load(jobFile(scene), new Overrides(passwords(name), Optional.empty()));
    Instant now = Instant.parse("2026-11-20T10:00:00Z");
    RunPlan plan = RunPlans.plan(job, new RunContext("people", "r", now, Optional.empty()));
    try (JobWiring wiring = new JobWiring(job, new Progress(System.err, Progress.Style.NONE))) {
      List<Check> checks =
          JobChecks.of(plan, wiring).stream()
              .filter(check -> check.target().startsWith("destinations.warehouse"))
              .filter(check -> !check.name().equals("Table takes the columns"))
              .toList();
      return new Verification(wiring::translate, result -> {}).run(checks);
    }
  }

  /** Name and remedy of the first check that fails; empty where none does. */
  private String firstFailure(RunScene scene, String name) {
    return checks(scene, name).stream()
        .filter(result -> result.status() == Status.FAILED)
        .map(result -> result.name() + ": " + result.remedy().orElse(""))
        .findFirst()
        .orElse("");
  }

  @Test
  void eachStatementThatIsMissingIsToldByItsCheck() throws Exception {
    String name = "stepwise";
    RunScene scene = scene(name);
    List<String> statements = printed(scene);
    assertThat(statements).hasSize(8);
    String[] expected = {
      "Verifying connection: Change connection.user or connection.password",
      "Able to access state schema: let the user stepwise_loader create schema",
      "Able to access state schema: let the user stepwise_loader create schema",
      "Able to create in target schema: GRANT CREATE, USAGE ON SCHEMA stepwise_sales TO",
      "Able to create in target schema: GRANT CREATE, USAGE ON SCHEMA stepwise_sales TO",
      "Able to create in target schema: GRANT CREATE, USAGE ON SCHEMA stepwise_sales TO",
      "Reader may read the table: run what penstock grants prints",
      "Reader may read the table: run as its owner or a superuser: " + without(statements.get(7)),
    };

    for (int i = 0; i < statements.size(); i++) {
      assertThat(firstFailure(scene, name))
          .as("before " + statements.get(i))
          .startsWith(expected[i]);
      execute(scene, statements.get(i));
    }

    List<String> optional = printed(scene, "--optional");
    assertThat(optional.get(8)).startsWith("ALTER DEFAULT PRIVILEGES FOR USER");
    scene.execute(optional.get(8));
    assertThat(firstFailure(scene, name)).isEmpty();
    assertThat(checks(scene, name))
        .filteredOn(result -> result.target().endsWith(".tableau"))
        .extracting(CheckResult::detail)
        .contains(
            "USAGE on the schema; the load grants SELECT on the table it creates",
            "signed in; there is no table yet");
  }

  private static String without(String statement) {
    return statement.substring(0, statement.length() - 1);
  }

  @Test
  void eachStatementIsNeeded() throws Exception {
    String name = "needed";
    RunScene scene = scene(name);
    List<String> statements = printed(scene);
    for (String statement : statements) {
      execute(scene, statement);
    }
    scene.execute(new LedgerStatements(scene.stateSchema()).createLedger().sql());
    scene.execute("CREATE TABLE needed_sales.needed (id BIGINT, full_name VARCHAR(40))");

    // CREATE lets a user create and not use what it created
    scene.execute("REVOKE USAGE ON SCHEMA needed_sales FROM needed_loader");
    assertThat(firstFailure(scene, name)).startsWith("Able to access state schema");
    execute(scene, statements.get(3));
    assertThat(firstFailure(scene, name))
        .startsWith("Able to create in target schema: GRANT CREATE");
    execute(scene, statements.get(4));
    assertThat(firstFailure(scene, name))
        .startsWith("Able to create in target schema: GRANT INSERT, DELETE ON needed_sales.needed");

    List<String> existing = printed(scene, "--existing-tables");
    execute(scene, existing.get(6));
    assertThat(firstFailure(scene, name))
        .startsWith("Reader may read the table: run as its owner")
        .contains(without(existing.get(9)));
    execute(scene, existing.get(9));
    assertThat(firstFailure(scene, name)).isEmpty();
    assertThat(run(scene, name, "r1").exitCode()).isZero();
    assertThat(scene.rows("SELECT count(*) FROM needed_sales.needed")).containsExactly("2");
  }

  private PenstockRun run(RunScene scene, String name, String runId) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("run", jobFile(scene).toString(), "--run-id", runId, "--json"));
    passwords(name).forEach((key, password) -> command.addAll(List.of("-D", key + "=" + password)));
    PenstockRun run = PenstockRun.run(scene.folder(), command);
    assertThat(run.exitCode()).as(run.err()).isZero();
    String said = run.out() + run.err();
    passwords.values().forEach(password -> assertThat(said).doesNotContain(password));
    return run;
  }

  @Test
  void theJobRunsAsThatUserAndTableauReadsItsTable() throws Exception {
    String name = "tabled";
    RunScene scene = scene(name);
    for (String statement : printed(scene)) {
      execute(scene, statement);
    }
    scene.execute("CREATE TABLE tabled_sales.secret (n INTEGER)");

    run(scene, name, "r1");
    run(scene, name, "r2");

    assertThat(scene.rows("SELECT tableowner FROM pg_tables WHERE tablename = 'tabled'"))
        .containsExactly("tabled_loader");
    assertThat(checks(scene, name))
        .extracting(CheckResult::detail)
        .contains("USAGE on the schema, SELECT on the table", "signed in, read a row");
    Path datasource = scene.folder().resolve("out/people.tds");
    assertThat(scene.files("out")).containsOnlyKeys("people.tds");
    passwords
        .values()
        .forEach(password -> assertThat(datasource).content().doesNotContain(password));
    assertThat(read(datasource, passwords.getOrDefault("tabled_reader", "none")))
        .containsExactly("1|Ada", "2|Grace");
    passwords.put("tabled_reader", "Mistaken1234");
    assertThat(firstFailure(scene, name))
        .isEqualTo("Reader signs in and selects: change tableau.reader or tableau.reader-password");
  }

  /** Does what Tableau does with the file, as another program reads it. */
  private static List<String> read(Path datasource, String password) throws Exception {
    byte[] json =
        new Tool("python3").out("src/test/resources/judges/read_tds.py", datasource.toString());
    JsonNode tds = new ObjectMapper().readTree(json);
    JsonNode connection = tds.path("connection");
    assertThat(tds.path("root").asText()).isEqualTo("datasource");
    assertThat(tds.path("connected").asBoolean()).isTrue();
    assertThat(connection.path("class").asText()).isEqualTo("redshift");
    assertThat(connection.has("password")).isFalse();
    assertThat(tds.path("columns").findValuesAsText("caption")).containsExactly("Id", "Full Name");
    SandboxProcess.Redshift reader =
        new SandboxProcess.Redshift(
            connection.path("server").asText(),
            connection.path("port").asInt(),
            connection.path("dbname").asText(),
            connection.path("username").asText(),
            password,
            null);
    String table = tds.path("table").asText().replace('[', '"').replace(']', '"');
    List<String> columns = new ArrayList<>();
    tds.path("columns")
        .findValuesAsText("name")
        .forEach(column -> columns.add(column.replace('[', '"').replace(']', '"')));
    String select = "SELECT " + String.join(", ", columns) + " FROM " + table + " ORDER BY 1";
    try (Connection session = reader.connect();
        Statement statement = session.createStatement()) {
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery(select)) {
        while (result.next()) {
          rows.add(result.getString(1) + "|" + result.getString(2));
        }
      }
      assertThatThrownBy(() -> statement.execute("SELECT * FROM tabled_sales.secret"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> statement.execute("DELETE FROM " + table))
          .hasMessageContaining("permission denied");
      return rows;
    }
  }

  @Test
  void theDigestOfAPasswordLetsTheUserIn() throws Exception {
    String name = "digested";
    RunScene scene = scene(name);
    Path file = Files.writeString(scene.folder().resolve("password"), "Digested1234\n");

    scene.execute(printed(scene, "--password-file", file.toString()).get(0));

    SandboxProcess.Redshift loader =
        new SandboxProcess.Redshift(
            REDSHIFT.host(),
            REDSHIFT.port(),
            REDSHIFT.database(),
            name + "_loader",
            "Digested1234",
            null);
    try (Connection session = loader.connect()) {
      assertThat(session.isValid(5)).isTrue();
    }
  }

  @Test
  void aPlaceholderMakesNoUser() throws Exception {
    RunScene scene = scene("placed");
    List<String> statements = printed(scene, "--password", "placeholder");

    assertThat(statements.get(0)).endsWith("WITH PASSWORD '<password>';");
    assertThatThrownBy(() -> scene.execute(statements.get(0))).isInstanceOf(SQLException.class);
    assertThat(scene.rows("SELECT usename FROM pg_user WHERE usename LIKE 'placed%'")).isEmpty();
  }
}
