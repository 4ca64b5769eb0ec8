package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.jobs.testing.CannedServer;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of docs/reverse-etl.md as they stand there. Only {@code scripts/penstock} is another:
 * it has this JVM carry out the command, so that there is one Spark for all of them.
 */
class ReverseEtlStepsIT {
  private static final Path PAGE = Path.of("..", "docs", "reverse-etl.md");
  private static final long PATIENCE_SECONDS = 600;
  private static final String SCRIPT =
      """
      #!/usr/bin/env bash
      answer="$(printf '%%s\\n' "$@" | curl -s --data-binary @- %s)"
      printf '%%s\\n' "${answer#*$'\\n'}"
      exit "${answer%%%%$'\\n'*}"
      """;

  @TempDir private Path folder = Path.of("");

  private static List<String> blocks(String language) throws Exception {
    return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /** Carries a command out, and answers its exit code and what it printed. */
  private CannedServer.Answer command(CannedServer.Request request) {
    PenstockRun run = PenstockRun.run(folder, request.body().lines().toList());
    String said = (run.out() + "\n" + run.err()).strip();
    return new CannedServer.Answer(200, Map.of(), run.exitCode() + "\n" + said);
  }

  /** Runs all blocks in one shell, as in one terminal; what it prints. */
  private String carriedOut(List<String> steps) throws Exception {
    Path said = folder.resolve("said");
    Path all =
        Files.writeString(
            folder.resolve("steps.sh"), "set -euo pipefail\n" + String.join("\n", steps));
    Process process =
        new ProcessBuilder("bash", all.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String output = Files.readString(said);
    assertThat(ended).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @BeforeEach
  @AfterEach
  void dropTheTable() throws SQLException {
    try (Connection connection = SandboxProcess.shared().redshift().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS crm CASCADE");
    }
  }

  @Test
  void eachStepWorksAsPrinted() throws Exception {
    for (String tool : List.of("psql", "curl", "jq")) {
      assumeTrue(new Tool(tool).isInstalled(), tool + " is not installed");
    }
    SandboxProcess sandbox = SandboxProcess.shared();
    sandbox.events().reset();
    Files.writeString(folder.resolve("sandbox.json"), sandbox.description());
    Files.writeString(folder.resolve("people.conf"), blocks("hocon").get(0));

    String output;
    try (CannedServer commands = new CannedServer(this::command)) {
      Path script = Files.createDirectories(folder.resolve("scripts")).resolve("penstock");
      Files.writeString(script, SCRIPT.formatted(commands.endpoint()));
      assertThat(script.toFile().setExecutable(true)).isTrue();
      output = carriedOut(blocks("sh"));
      assertThat(commands.requests()).hasSize(12);
    }

    assertThat(output)
        .contains("Endpoint takes the write key", "Identity column present: user_id, email")
        .contains("next sync: unavailable: there was no sync yet")
        .contains("next sync: 1 to insert, 1 to update, 1 to delete, 1 unchanged")
        .contains("people-to-crm: every 30 minutes")
        .doesNotContain("called");
    assertThat(output.lines()).noneMatch(line -> line.startsWith("failed"));
    List<String> events = output.lines().filter(line -> line.startsWith("[\"")).toList();
    assertThat(events).isEqualTo(blocks("json").stream().flatMap(String::lines).toList());
    assertThat(Files.readString(folder.resolve("people_to_crm_dag.py")))
        .contains("people-to-crm", "s3://acme-artifacts/jobs/people.conf");
    assertThat(sandbox.events().received()).isEmpty();
  }
}
