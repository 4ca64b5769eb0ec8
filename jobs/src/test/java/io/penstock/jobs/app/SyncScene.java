package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A job with a sync from a JSON file to a folder, and a receiver that takes the files of each run
 * as an independent reader would: with Jackson, and only once the done file is there.
 */
final class SyncScene {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JOB =
      """
      job = "people"
      sources {
        people { format = json, path = "people.json", schema = "$schema" }
        $base
      }
      query = "SELECT * FROM people"
      template { columns = [ $columns ] }
      sync { $sync, state { $state } }
      destinations { $destinations }
      state = "state"
      spark { "spark.sql.shuffle.partitions" = 1 }
      """;

  private static final String FILES =
      "out { type = s3, directory = out, format = ndjson, files = single, file-name = \"changes.json\" }";

  private final Path folder;
  private final Map<String, JsonNode> received = new TreeMap<>();
  private String schema = "id BIGINT, email STRING, updated TIMESTAMP";
  private String columns = "{ name = id, from = id }, { name = email, from = email }";
  private String sync = "mode = mirror, keys = [id]";
  private String destinations = FILES;
  private String base = "";
  private String state = "path = \"sync-state\"";
  private int runs;

  SyncScene(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    source();
  }

  Path folder() {
    return folder;
  }

  SyncScene schema(String ddl) {
    schema = ddl;
    return this;
  }

  SyncScene columns(String entries) {
    columns = entries;
    return this;
  }

  SyncScene sync(String keys) {
    sync = keys;
    return this;
  }

  /** More keys of the destination. */
  SyncScene destination(String keys) {
    return destinations(FILES.substring(0, FILES.lastIndexOf('}')) + ", " + keys + " }");
  }

  /** Other destinations than the one. */
  SyncScene destinations(String blocks) {
    destinations = blocks;
    return this;
  }

  /**
   * Keeps the state in a schema of the sandbox's Redshift, beside a table that the job could read.
   */
  SyncScene inRedshift(String schema) throws SQLException {
    SandboxProcess sandbox = SandboxProcess.shared();
    SandboxProcess.Redshift redshift = sandbox.redshift();
    String table = "public." + schema + "_base";
    try (Connection connection = redshift.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (n INTEGER)");
    }
    state = "schema = \"" + schema + "\"";
    base =
        """
        base {
          format = redshift, table = "%s"
          connection {
            endpoint-override = "%s:%d", host = "cluster.example.com", database = "%s"
            user = "%s", password = "%s", tls { mode = disable }
          }
          staging {
            bucket = "%s", prefix = "%s", region = "%s", endpoint = "%s", path-style = true
            credentials { type = keys, access-key = "%s", secret-key = "%s" }
          }
        }
        """
            .formatted(
                table,
                redshift.host(),
                redshift.port(),
                redshift.database(),
                redshift.user(),
                redshift.password(),
                sandbox.bucket(),
                schema,
                sandbox.s3().region(),
                sandbox.s3().endpoint(),
                sandbox.s3().accessKey(),
                sandbox.s3().secretKey());
    return this;
  }

  /** Replaces the source's rows, each a JSON object with apostrophes for quotes. */
  SyncScene source(String... rows) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String row : rows) {
      text.append(row.replace('\'', '"')).append('\n');
    }
    Files.writeString(folder.resolve("people.json"), text);
    return this;
  }

  Path jobFile() throws IOException {
    return Files.writeString(
        folder.resolve("job.conf"),
        JOB.replace("$schema", schema)
            .replace("$columns", columns)
            .replace("$sync", sync)
            .replace("$destinations", destinations)
            .replace("$base", base)
            .replace("$state", state));
  }

  PenstockRun command(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(1, jobFile().toString());
    return PenstockRun.run(folder, command);
  }

  /** Runs under a run id of its own. */
  PenstockRun run(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("run", "--json", "--run-id", "r" + ++runs));
    command.addAll(List.of(options));
    return command(command.toArray(String[]::new));
  }

  /** Runs, which must succeed, and returns what the run's record says of the sync. */
  JsonNode synced(String... options) throws IOException {
    PenstockRun run = run(options);
    assertThat(run.exitCode()).as(run.err()).isZero();
    receive();
    return run.json().path("sync");
  }

  /** Takes the files that are there now. */
  void receive() throws IOException {
    assertThat(folder.resolve("out/.DONE")).exists();
    for (JsonNode row : lines("changes.json")) {
      String key = row.path("id").asText();
      if (row.path("operation").asText().equals("delete")) {
        received.remove(key);
      } else {
        received.put(key, row.path("email"));
      }
    }
  }

  /** The rows of a file that a run has delivered. */
  List<JsonNode> lines(String file) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("out").resolve(file))) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }

  List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** What the receiver has: emails by id. */
  Map<String, String> received() {
    Map<String, String> texts = new TreeMap<>();
    received.forEach((key, email) -> texts.put(key, email.asText()));
    return texts;
  }

  /** What a sync did, in short: inserted, updated, deleted, unchanged. */
  static List<Long> counts(JsonNode sync) {
    return Stream.of("inserted", "updated", "deleted", "unchanged")
        .map(key -> sync.path(key).asLong())
        .toList();
  }
}
