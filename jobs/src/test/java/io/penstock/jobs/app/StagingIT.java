package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows that the template lets pass and COPY refuses, through whole runs: text without a type in the
 * template that is longer than a VARCHAR can be, text with a NUL, and rows beyond 4 MB.
 */
class StagingIT {
  private static final String CANARY = "canary9f3e";

  private static final String JOB =
      """
      job = "staged"
      sources {
        seeds { format = csv, path = "seeds.csv", schema = "id BIGINT, kind STRING", options { header = "true" } }
      }
      query = \"\"\"
        SELECT id, CASE kind
          WHEN 'long' THEN concat('canary9f3e\\n', repeat('é', 40000))
          WHEN 'nul' THEN decode(unhex('63616E61727939663365006E756C'), 'UTF-8')
          WHEN 'wide' THEN concat('canary9f3e', repeat('w', 5000000))
          ELSE concat(kind, ',"\\n', id) END AS `$column`
        FROM seeds
      \"\"\"
      rejects { to = "rejects", max = $max }
      destinations {
        warehouse { $warehouse, write = append, staging { format = $format, compression = $compression, slices = 3, keep = true } }
      }
      """;

  @TempDir static Path temporary;

  private static RunScene scene(String name, String... kinds) throws Exception {
    RunScene scene = new RunScene(name, temporary.resolve(name));
    StringBuilder seeds = new StringBuilder("id,kind\n");
    for (int i = 0; i < 40; i++) {
      boolean bad = i % 7 == 5 && i / 7 < kinds.length;
      seeds.append(i).append(',').append(bad ? kinds[i / 7] : "fine").append('\n');
    }
    Files.writeString(scene.folder().resolve("seeds.csv"), seeds);
    return scene;
  }

  private static PenstockRun run(RunScene scene, int max, String format, String compression)
      throws Exception {
    return run(scene, max, format, compression, "Text \"x\"");
  }

  private static PenstockRun run(
      RunScene scene, int max, String format, String compression, String column) throws Exception {
    String text =
        JOB.replace("$max", Integer.toString(max))
            .replace("$column", column)
            .replace("$format", format)
            .replace("$compression", compression);
    return PenstockRun.run(
        scene.folder(), "run", scene.jobFile(text).toString(), "--run-id", "r", "--json");
  }

  private static Map<String, JsonNode> rejects(RunScene scene) throws Exception {
    Map<String, JsonNode> byId = new TreeMap<>();
    ObjectMapper mapper = new ObjectMapper();
    Path file = scene.folder().resolve("rejects/staged/r/refused_by_warehouse.ndjson");
    for (String line : Files.readAllLines(file)) {
      JsonNode reject = mapper.readTree(line);
      byId.put(mapper.readTree(reject.get("row").asText()).get("id").asText(), reject);
    }
    return byId;
  }

  @ParameterizedTest
  @CsvSource({"csv,gzip", "csv,zstd"})
  void csvKeepsRowsThatCopyRefuses(String format, String compression) throws Exception {
    RunScene scene = scene("aside_" + compression, "long", "nul", "wide", "long");

    PenstockRun run = run(scene, 4, format, compression);

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode document = run.json();
    assertThat(document.path("rowsRead").asLong()).isEqualTo(40);
    assertThat(document.path("rowsRejected").asLong()).isEqualTo(4);
    assertThat(document.at("/destinations/0/rows").asLong()).isEqualTo(36);
    assertThat(scene.rows("SELECT COUNT(*), COUNT(DISTINCT id) FROM " + scene.table()))
        .containsExactly("36|36");
    Map<String, JsonNode> rejects = rejects(scene);
    JsonNode longest = rejects.getOrDefault("5", MissingNode.getInstance());
    assertThat(rejects.keySet()).containsExactlyInAnyOrder("5", "12", "19", "26");
    String whole =
        new ObjectMapper().readTree(longest.get("row").asText()).at("/Text \"x\"").asText();
    assertThat(whole).startsWith(CANARY + "\n").hasSize(40_011);
    assertThat(longest.get("column").asText()).isEqualTo("Text \"x\"");
    assertThat(longest.at("/errors/0/code").asInt()).isEqualTo(1204);
    assertThat(run.out() + run.err()).doesNotContain(CANARY);
    assertThat(scene.objects().keySet().stream().filter(key -> key.matches(".*/part_.*")).count())
        .isEqualTo(3);
  }

  @Test
  void jsonKeepsRowsThatCopyRefuses() throws Exception {
    RunScene scene = scene("aside_json", "long", "long");

    PenstockRun run = run(scene, 4, "json", "auto");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("rowsRejected").asLong()).isEqualTo(2);
    assertThat(rejects(scene).keySet()).containsExactlyInAnyOrder("5", "12");
    assertThat(scene.rows("SELECT COUNT(*) FROM " + scene.table())).containsExactly("38");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "parquet", "avro"})
  void withoutRejectsTheRowIsNamedAndItsValueIsNot(String format) throws Exception {
    RunScene scene = scene("named_" + format, "long");
    String column = format.equals("avro") ? "Text_x" : "Text \"x\"";

    PenstockRun run = run(scene, 0, format, "auto", column);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
    assertThat(run.json().at("/error/code").asText()).isEqualTo("LOAD_DATA_REFUSED");
    assertThat(run.json().at("/error/message").asText())
        .containsIgnoringCase("column " + column + ", line ")
        .contains("/part_", "(code 1204)");
    assertThat(run.log()).contains("LOAD_DATA_REFUSED");
    assertThat(List.of(run.out(), run.err(), run.log())).noneMatch(text -> text.contains(CANARY));
    assertThat(scene.rows("SELECT to_regclass('" + scene.table() + "') IS NULL"))
        .containsExactly("t");
  }

  @Test
  void moreThanMayBeRefusedFailTheRun() throws Exception {
    RunScene scene = scene("aside_many", "long", "nul", "wide");

    PenstockRun run = run(scene, 2, "csv", "auto");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(7);
    assertThat(run.json().at("/error/code").asText()).isEqualTo("REJECTS_EXCEEDED");
    assertThat(scene.rows("SELECT to_regclass('" + scene.table() + "') IS NULL"))
        .containsExactly("t");
  }
}
