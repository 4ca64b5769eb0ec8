package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as a user sees them: what is printed where, exit codes, and what is left behind. */
class RunIT {
  private static final Path README = Path.of("..", "README.md");

  /** Four rows; the email of the third is longer than ten bytes. */
  private static final String PEOPLE =
      "id,email\n1,a@b.de\n2,c@d.de\n3,long@example.com\n4,e@f.de\n";

  private static final String JOB =
      """
      job = "people"
      sources {
        people { format = csv, path = "people.csv", schema = "id BIGINT, email STRING", options { header = "true" } }
      }
      template {
        columns = [
          { name = "id", from = "id", type = "bigint" }
          { name = "email", from = "email", type = "varchar($length)", pii = true }
        ]
        on-bad-value = $bad
      }
      rejects { to = "rejects" }
      destinations {
        files { type = s3, $s3, prefix = "$scene/files", format = csv }
        warehouse { $warehouse, write = append }
      }
      """;

  @TempDir static Path temporary;

  private static RunScene scene(String name) throws Exception {
    RunScene scene = new RunScene(name, temporary.resolve(name));
    Files.writeString(scene.folder().resolve("people.csv"), PEOPLE);
    return scene;
  }

  private static PenstockRun run(
      RunScene scene, int length, String onBadValue, String... definitions) throws Exception {
    String text = JOB.replace("$length", Integer.toString(length)).replace("$bad", onBadValue);
    List<String> command = new ArrayList<>(List.of("run", scene.jobFile(text).toString()));
    command.addAll(List.of("--run-id", "r", "--json"));
    for (String definition : definitions) {
      command.addAll(List.of("-D", definition));
    }
    return PenstockRun.run(scene.folder(), command);
  }

  private static void failedWith(PenstockRun run, int exitCode, String code) throws Exception {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    JsonNode document = run.json();
    assertThat(document.path("job").asText()).isEqualTo("people");
    assertThat(document.path("runId").asText()).isEqualTo("r");
    assertThat(document.path("status").asText()).isEqualTo("failed");
    assertThat(document.hasNonNull("startedAt")).isTrue();
    assertThat(document.hasNonNull("endedAt")).isTrue();
    assertThat(document.path("destinations")).hasSize(2);
    assertThat(document.at("/error/code").asText()).isEqualTo(code);
    assertThat(document.at("/error/message").asText()).contains("Cause: ", "Remedy: ");
    assertThat(run.out() + run.err()).doesNotContain("example.com");
  }

  @Test
  void moreRejectsThanAllowedPublishNothingButTheRejects() throws Exception {
    RunScene scene = scene("too_many_rejects");

    PenstockRun run = run(scene, 10, "reject");

    failedWith(run, 7, "REJECTS_EXCEEDED");
    assertThat(run.json().path("rowsRejected").asInt()).isEqualTo(1);
    assertThat(scene.files("rejects")).isNotEmpty();
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.openUploads()).isEmpty();
    assertThat(scene.rows("SELECT status, error_code FROM " + scene.stateSchema() + ".runs"))
        .containsExactly("failed|REJECTS_EXCEEDED");
  }

  @Test
  void aBadValueFailsTheRun() throws Exception {
    RunScene scene = scene("bad_value");

    PenstockRun run = run(scene, 10, "fail");

    failedWith(run, 4, "SOURCE_BAD_VALUE");
    assertThat(run.log()).contains("run failed", "SOURCE_BAD_VALUE").doesNotContain("example.com");
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.openUploads()).isEmpty();
  }

  @Test
  void aMissingSourceFailsTheRun() throws Exception {
    RunScene scene = scene("no_source");
    Files.delete(scene.folder().resolve("people.csv"));

    String nobody = "destinations.warehouse.connection.endpoint-override=127.0.0.1:1";
    failedWith(run(scene, 40, "fail", nobody), 4, "SOURCE_UNREADABLE");

    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void aStoreThatRefusesTheKeyFailsTheDelivery() throws Exception {
    RunScene scene = scene("wrong_key");

    PenstockRun run =
        run(scene, 40, "fail", "destinations.files.credentials.secret-key=not-the-secret");

    failedWith(run, 5, "DELIVERY_FAILED");
    assertThat(run.out() + run.err()).doesNotContain("not-the-secret");
    assertThat(scene.objects()).isEmpty();
  }

  @Test
  void aTargetThatIsThereIsKeptWhereItMustNotExist() throws Exception {
    RunScene scene = scene("target_exists");
    scene.put("files/people_0000007.csv", "another's");

    PenstockRun run = run(scene, 40, "fail", "destinations.files.mode=fail-if-exists");

    failedWith(run, 5, "DELIVERY_TARGET_EXISTS");
    assertThat(scene.objects()).containsOnlyKeys("files/people_0000007.csv");
    assertThat(scene.openUploads()).isEmpty();
  }

  @Test
  void aServerThatRefusesTheUserFailsTheLoadAndLeavesNoFileVisible() throws Exception {
    RunScene scene = scene("wrong_password");

    PenstockRun run =
        run(scene, 40, "fail", "destinations.warehouse.connection.password=not-the-password");

    failedWith(run, 6, "LOAD_CONNECTION");
    assertThat(run.out() + run.err()).doesNotContain("not-the-password");
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.openUploads()).isEmpty();
  }

  @Test
  void aTableThatRefusesRowsLeavesNoFileVisible() throws Exception {
    RunScene scene = scene("narrow");
    scene.execute("CREATE TABLE public.narrow (id BIGINT, email VARCHAR(10))");

    PenstockRun run = run(scene, 40, "fail");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
    failedWith(run, 6, run.json().at("/error/code").asText());
    assertThat(run.json().at("/error/code").asText()).startsWith("LOAD_");
    assertThat(run.json().at("/destinations/0/status").asText()).isEqualTo("not-started");
    assertThat(run.json().at("/destinations/1/status").asText()).isEqualTo("failed");
    assertThat(scene.objects()).isEmpty();
    assertThat(scene.openUploads()).isEmpty();
    assertThat(scene.rows("SELECT * FROM public.narrow")).isEmpty();
  }

  @Test
  void theSandboxServesOneRunAlone() throws Exception {
    RunScene scene = scene("own_sandbox");
    String text = JOB.replace("$length", "40").replace("$bad", "fail");
    String job = scene.jobFile(text).toString();
    String state = "state=s3a://penstock/own-state";

    PenstockRun run =
        PenstockRun.run(scene.folder(), "run", job, "--sandbox", "--json", "-D", state);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("status").asText()).isEqualTo("succeeded");
    assertThat(run.json().at("/destinations/0/rows").asInt()).isEqualTo(4);
    assertThat(run.json().at("/destinations/1/rowsInserted").asInt()).isEqualTo(4);
    assertThat(scene.objects()).isEmpty();
  }

  @BeforeAll
  static void readme() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("readme"));
    String text = Files.readString(README);
    Files.writeString(folder.resolve("people.csv"), block(text, "```\n(id,email.*?)```"));
    Files.writeString(folder.resolve("people.conf"), block(text, "```hocon\n(job = .*?)```"));
  }

  private static String block(String text, String pattern) {
    Matcher block = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    assertThat(block.find()).as(pattern).isTrue();
    return block.group(1);
  }

  @Test
  void theReadmesFirstJobRuns() throws Exception {
    Path folder = temporary.resolve("readme");

    PenstockRun plan = PenstockRun.run(folder, "plan", "people.conf");
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("full_name", "varchar(200)", "out");
    assertThat(folder.resolve("out")).doesNotExist();

    PenstockRun preview = PenstockRun.run(folder, "preview", "people.conf");
    assertThat(preview.exitCode()).as(preview.err()).isZero();
    assertThat(preview.out()).contains("Ada Lovelace").doesNotContain("ada@example.com");

    PenstockProcess run = PenstockProcess.run(folder, "run", "people.conf", "--run-id", "first");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("people first: succeeded, 3 rows");
    assertThat(run.err()).contains("files: staging", "files: publishing");
    assertThat(folder.resolve("penstock.log")).content().contains("Running Spark version");
    assertThat(folder.resolve("out/country=GB/people_0000001.csv"))
        .hasContent("id,email,full_name\n1,ada@example.com,Ada Lovelace\n3,,Alan Turing\n");
    assertThat(folder.resolve("out/country=US/people_0000001.csv")).exists();
    assertThat(folder.resolve("out/.DONE")).exists();

    PenstockRun again =
        PenstockRun.run(folder, "run", "people.conf", "--run-id", "first", "--quiet");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).isEmpty();
  }

  @Test
  void documentsAreOneEachOnStandardOutput() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("documents"));
    for (String file : new String[] {"people.csv", "people.conf"}) {
      Files.copy(temporary.resolve("readme").resolve(file), folder.resolve(file));
    }

    PenstockRun plan = PenstockRun.run(folder, "plan", "people.conf", "--json");
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.json().path("schema")).hasSize(4);

    PenstockRun preview =
        PenstockRun.run(folder, "preview", "people.conf", "--json", "--rows", "2");
    assertThat(preview.exitCode()).as(preview.err()).isZero();
    assertThat(preview.json().path("rows")).hasSize(2);

    PenstockRun run = PenstockRun.run(folder, "run", "people.conf", "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("rowsRead").asInt()).isEqualTo(3);
    assertThat(run.json().at("/destinations/0/files/0/crc32").asText()).matches("[0-9a-f]{8}");
    assertThat(run.err()).contains("files: publishing");

    PenstockRun history = PenstockRun.run(folder, "history", "people.conf", "--json");
    assertThat(history.json().at("/runs/0/runId")).isEqualTo(run.json().path("runId"));

    PenstockRun quiet =
        PenstockRun.run(folder, "run", "people.conf", "--quiet", "-D", "sources.people.path=no");
    assertThat(quiet.exitCode()).isEqualTo(4);
    assertThat(quiet.out()).isEmpty();
    assertThat(quiet.err()).startsWith("SOURCE_UNREADABLE: ").doesNotContain("staging");
  }
}
