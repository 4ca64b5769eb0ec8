package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifications as a user sees them: each line, exit codes, and that nothing is left behind. */
class VerifyIT {
  private static final String SECRET = "canary9f3e-not-the-secret";
  private static final String JOB =
      """
      job = "people"
      sources {
        people { format = csv, path = "people.csv", schema = "id BIGINT, email STRING", options { header = "true" } }
      }
      query = "SELECT id, email FROM people"
      template {
        columns = [
          { name = "id", from = "id", type = "bigint" }
          { name = "email", from = "email", type = "varchar(40)", pii = true }
        ]
      }
      destinations {
        $destinations
      }
      """;
  private static final String FILES =
      "files { type = s3, $s3, prefix = \"$scene/{{run_id}}\", format = csv }\n";
  private static final String LOCAL =
      "local { type = s3, directory = \"out/{{run_id}}\", format = parquet, partition-by = [id] }\n";
  private static final String WAREHOUSE = "warehouse { $warehouse, write = overwrite }\n";

  @TempDir static Path temporary;

  /** A verification with {@code --json}; results by target and name. */
  private record Verified(int exitCode, JsonNode document, String said) {
    JsonNode check(String target, String name) {
      for (JsonNode check : document.path("checks")) {
        if (check.path("target").asText().equals(target)
            && check.path("name").asText().equals(name)) {
          return check;
        }
      }
      throw new AssertionError("no check " + name + " of " + target + ":\n" + said);
    }

    void failed(String target, String name, String detail, String remedy) {
      JsonNode check = check(target, name);
      assertThat(check.path("status").asText()).as(said).isEqualTo("failed");
      assertThat(check.path("detail").asText()).contains(detail);
      assertThat(check.path("remedy").asText()).contains(remedy);
      assertThat(check.path("code").asText()).isNotEmpty();
    }

    void skipped(String target, String name, String because) {
      JsonNode check = check(target, name);
      assertThat(check.path("status").asText()).as(said).isEqualTo("skipped");
      assertThat(check.path("detail").asText()).contains("because \"" + because + "\"");
      assertThat(check.path("remedy").isNull()).isTrue();
    }

    void ok(String target, String name) {
      assertThat(check(target, name).path("status").asText()).as(said).isEqualTo("ok");
    }

    Map<String, List<String>> byStatus() {
      Map<String, List<String>> found = new LinkedHashMap<>();
      document
          .path("checks")
          .forEach(
              check ->
                  found
                      .computeIfAbsent(check.path("status").asText(), s -> new ArrayList<>())
                      .add(check.path("target").asText() + " " + check.path("name").asText()));
      return found;
    }
  }

  private static RunScene scene(String name) throws Exception {
    RunScene scene = new RunScene(name, temporary.resolve(name));
    Files.writeString(scene.folder().resolve("people.csv"), "id,email\n1,a@b.de\n");
    return scene;
  }

  private static PenstockRun penstock(RunScene scene, String text, String... options)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("verify", scene.jobFile(text).toString()));
    command.addAll(List.of(options));
    return PenstockRun.run(scene.folder(), command);
  }

  private static Verified verify(RunScene scene, String text, String... definitions)
      throws Exception {
    List<String> options = new ArrayList<>(List.of("--run-id", "r", "--json"));
    for (String definition : definitions) {
      options.addAll(List.of("-D", definition));
    }
    PenstockRun verify = penstock(scene, text, options.toArray(String[]::new));
    assertThat(verify.out()).as(verify.err()).isNotEmpty();
    String said = verify.out() + verify.err();
    assertThat(said).doesNotContain("canary9f3e");
    return new Verified(verify.exitCode(), verify.json(), said);
  }

  private static String job(String... destinations) {
    return JOB.replace("$destinations", String.join("", destinations));
  }

  private static String jobWithRejects(String location, String... destinations) {
    return job(destinations) + "rejects.to = \"" + location + "\"\n";
  }

  private static void nothingLeft(RunScene scene) throws Exception {
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.openUploads()).isEmpty();
    assertThat(scene.folder().resolve("out")).doesNotExist();
    assertThat(scene.folder().resolve("state")).doesNotExist();
    assertThat(
            scene.rows(
                "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = '"
                    + scene.stateSchema()
                    + "'"))
        .isEmpty();
    assertThat(
            scene.rows(
                "SELECT relname FROM pg_catalog.pg_class WHERE relname LIKE 'penstock%verify%'"))
        .isEmpty();
  }

  @Test
  void everythingIsOkAndNothingIsLeft() throws Exception {
    RunScene scene = scene("verified");

    Verified verified = verify(scene, jobWithRejects("rejected/here", FILES, LOCAL, WAREHOUSE));

    assertThat(verified.exitCode()).as(verified.said()).isZero();
    assertThat(verified.document().path("job").asText()).isEqualTo("people");
    assertThat(verified.document().path("status").asText()).isEqualTo("ok");
    assertThat(verified.byStatus().get("ok"))
        .containsExactly(
            "sources.people Source readable",
            "query Query compiles",
            "template Template types fit",
            "destinations.files Credentials",
            "destinations.files Bucket region",
            "destinations.files Write and delete",
            "destinations.files Columns fit the format",
            "destinations.local Directory writable",
            "destinations.local Columns fit the format",
            "destinations.warehouse Verifying connection",
            "destinations.warehouse Able to list schemas",
            "destinations.warehouse Able to access state schema",
            "destinations.warehouse Able to create in target schema",
            "destinations.warehouse.staging Credentials",
            "destinations.warehouse.staging Bucket region",
            "destinations.warehouse.staging Write and delete",
            "destinations.warehouse COPY may read the staging prefix",
            "destinations.warehouse Table takes the columns",
            "rejects.to Directory writable");
    assertThat(scene.folder().resolve("rejected")).doesNotExist();
    assertThat(verified.byStatus().get("skipped"))
        .containsExactly(
            "destinations.files Encryption key usable",
            "destinations.warehouse.staging Encryption key usable");
    nothingLeft(scene);
  }

  @Test
  void linesAreForPeople() throws Exception {
    RunScene scene = scene("lines");

    PenstockRun verify = penstock(scene, job(LOCAL), "--sandbox");

    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.out().lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("ok       "))
        .anyMatch(line -> line.contains("sources.people  Source readable: 2 columns"));
    assertThat(verify.err()).isEmpty();
    nothingLeft(scene);
  }

  @Test
  void theSandboxStandsInForBucketsAndDatabases() throws Exception {
    RunScene scene = scene("standing_in");

    PenstockRun verify =
        penstock(
            scene,
            job(FILES, WAREHOUSE),
            "--sandbox",
            "--quiet",
            "-D",
            "destinations.files.credentials.secret-key=" + SECRET,
            "-D",
            "destinations.warehouse.connection.endpoint-override=127.0.0.1:1");

    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.out()).isEmpty();
    nothingLeft(scene);
  }

  @Test
  void eachBucketSaysWhatIsWrongWithIt() throws Exception {
    RunScene scene = scene("buckets");
    Files.writeString(scene.folder().resolve("file"), "no directory");
    String[] broken = {
      FILES.replace("files {", "secret {"),
      FILES.replace("files {", "bucket {").replace("$scene", "$scene/2"),
      FILES.replace("files {", "region {").replace("$scene", "$scene/3"),
      FILES.replace("files {", "endpoint {").replace("$scene", "$scene/4"),
      "directory { type = s3, directory = \"file/out\", format = csv }\n",
      WAREHOUSE
    };

    Verified verified =
        verify(
            scene,
            jobWithRejects("s3://no-such-bucket/rejects", broken),
            "destinations.secret.credentials.secret-key=" + SECRET,
            "destinations.bucket.bucket=no-such-bucket",
            "destinations.region.region=eu-west-1",
            "destinations.endpoint.endpoint=http://127.0.0.1:" + freePort(),
            "destinations.warehouse.staging.bucket=no-such-bucket");

    assertThat(verified.exitCode()).isEqualTo(3);
    assertThat(verified.document().path("status").asText()).isEqualTo("failed");
    verified.failed(
        "destinations.secret",
        "Credentials",
        "403 SignatureDoesNotMatch",
        "change destinations.secret.credentials.secret-key");
    verified.skipped("destinations.secret", "Bucket region", "Credentials");
    verified.skipped("destinations.secret", "Write and delete", "Credentials");
    verified.failed("rejects.to", "Bucket region", "there is no bucket", "change rejects.to,");
    verified.ok("destinations.bucket", "Credentials");
    verified.failed(
        "destinations.bucket",
        "Bucket region",
        "there is no bucket no-such-bucket",
        "destinations.bucket.bucket");
    verified.failed(
        "destinations.region",
        "Bucket region",
        "is in us-east-1",
        "set destinations.region.region = us-east-1");
    verified.skipped("destinations.region", "Write and delete", "Bucket region");
    verified.failed(
        "destinations.endpoint",
        "Credentials",
        "does not answer",
        "destinations.endpoint.endpoint");
    verified.failed(
        "destinations.directory",
        "Directory writable",
        "cannot be written",
        "destinations.directory.directory");
    verified.ok("destinations.warehouse", "Able to create in target schema");
    verified.failed(
        "destinations.warehouse.staging",
        "Bucket region",
        "there is no bucket",
        "destinations.warehouse.staging.bucket");
    verified.skipped("destinations.warehouse", "COPY may read the staging prefix", "Bucket region");
    nothingLeft(scene);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aSourceThatIsNotThereSkipsWhatNeedsItsRows() throws Exception {
    RunScene scene = scene("no_path");

    Verified verified = verify(scene, job(FILES, WAREHOUSE), "sources.people.path=nowhere.csv");

    assertThat(verified.exitCode()).isEqualTo(3);
    verified.failed("sources.people", "Source readable", "the path does not exist", "correct path");
    verified.skipped("query", "Query compiles", "Source readable");
    verified.skipped("template", "Template types fit", "Source readable");
    verified.skipped("destinations.files", "Columns fit the format", "Source readable");
    verified.skipped("destinations.warehouse", "Table takes the columns", "Source readable");
    verified.ok("destinations.files", "Write and delete");
    verified.ok("destinations.warehouse", "COPY may read the staging prefix");
  }

  @Test
  void aQueryWithAnUnknownColumn() throws Exception {
    RunScene scene = scene("no_column");

    Verified verified = verify(scene, job(LOCAL), "query=SELECT phone FROM people");

    assertThat(verified.exitCode()).isEqualTo(3);
    verified.ok("sources.people", "Source readable");
    verified.failed("query", "Query compiles", "phone", "correct the query");
    verified.skipped("template", "Template types fit", "Query compiles");
    verified.ok("destinations.local", "Directory writable");
  }

  @Test
  void aTemplateThatCannotFit() throws Exception {
    RunScene scene = scene("no_type");

    Verified verified =
        verify(
            scene,
            job(LOCAL),
            "query=SELECT id, array(email) AS id2, date'2026-11-20' AS email FROM people",
            "template.columns=[{ name = id, from = email, type = bigint }, { name = email, from = id2, type = date }]");

    assertThat(verified.exitCode()).isEqualTo(3);
    verified.ok("query", "Query compiles");
    verified.failed("template", "Template types fit", "there is no conversion", "entry's type");
    verified.skipped("destinations.local", "Columns fit the format", "Template types fit");
  }

  @Test
  void aServerThatRefusesTheUserOrIsNotThere() throws Exception {
    RunScene scene = scene("refused");
    String[] both = {
      WAREHOUSE,
      WAREHOUSE.replace("warehouse {", "closed {").replace("write =", "table.name = other, write =")
    };

    Verified verified =
        verify(
            scene,
            jobWithRejects("s3://penstock/refused/rejects", both),
            "destinations.warehouse.connection.password=" + SECRET,
            "destinations.warehouse.staging.region=eu-west-1",
            "destinations.closed.connection.endpoint-override=127.0.0.1:" + freePort());

    assertThat(verified.exitCode()).isEqualTo(3);
    verified.failed(
        "destinations.warehouse",
        "Verifying connection",
        ", and the password has no upper-case letter",
        "connection.password");
    verified.skipped("destinations.warehouse", "Able to list schemas", "Verifying connection");
    verified.skipped(
        "destinations.warehouse", "Able to access state schema", "Verifying connection");
    verified.skipped(
        "destinations.warehouse", "COPY may read the staging prefix", "Verifying connection");
    verified.ok("destinations.closed.staging", "Write and delete");
    verified.failed(
        "rejects.to",
        "Bucket region",
        "is in us-east-1",
        "set destinations.warehouse.staging.region = us-east-1");
    verified.failed(
        "destinations.closed",
        "Verifying connection",
        "nothing accepts connections",
        "connection.port");
    nothingLeft(scene);
  }
}
