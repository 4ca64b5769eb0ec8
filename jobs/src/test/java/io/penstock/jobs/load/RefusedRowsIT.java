package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.RecordingDriver;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that COPY refuses: set aside whole, counted, and neither lost nor loaded. */
final class RefusedRowsIT {
  private static final String NULL = "@NULL@";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static SandboxProcess sandbox;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws IOException {
    sandbox = SandboxProcess.start();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  /** A staged row, both fields as text. */
  private record Staged(String id, @Nullable String email, boolean fits) {
    static Staged random(int number, Random random) {
      String id = Integer.toString(number);
      return switch (random.nextInt(12)) {
        case 0 -> new Staged("x" + number, text(random, 5), false);
        case 1 -> new Staged(id, text(random, 21) + "y".repeat(21), false);
        case 2 -> new Staged(id, text(random, 9) + "é\n".repeat(1200) + "end", false);
        case 3 -> new Staged("", text(random, 5), false);
        case 4 -> new Staged(id, null, true);
        case 5 -> new Staged(id, "", true);
        default -> new Staged(id, text(random, 9), true);
      };
    }

    /** At most twice as many bytes as letters. */
    private static String text(Random random, int letters) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < letters; i++) {
        text.append("abc\"',\n|é{ü".charAt(random.nextInt(11)));
      }
      return text.toString();
    }

    String shown() {
      return id + "|" + email;
    }
  }

  private static String csv(List<Staged> rows, Random random) throws IOException {
    CSVFormat format =
        CSVFormat.Builder.create()
            .setRecordSeparator('\n')
            .setNullString(NULL)
            .setQuoteMode(random.nextBoolean() ? QuoteMode.MINIMAL : QuoteMode.ALL_NON_NULL)
            .get();
    StringBuilder csv = new StringBuilder();
    for (Staged row : rows) {
      format.printRecord(csv, row.id(), row.email());
    }
    return csv.toString();
  }

  private List<JsonNode> kept() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve(LoadScene.REJECTS))) {
      lines.add(MAPPER.readTree(line));
    }
    return lines;
  }

  private List<String> keptRows() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode line : kept()) {
      JsonNode row = MAPPER.readTree(line.get("row").asText());
      rows.add(row.get("id").asText() + "|" + row.get("email").asText());
    }
    return rows;
  }

  /** The same rows whatever the seed of the day: a failure names it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void deliveredRowsAreLoadedOrSetAside(long seed) throws Exception {
    Random random = new Random(seed);
    List<Staged> all = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (int file = 1 + random.nextInt(6); file > 0; file--) {
      List<Staged> rows = new ArrayList<>();
      for (int row = random.nextInt(60); row > 0; row--) {
        rows.add(Staged.random(all.size() + rows.size(), random));
      }
      all.addAll(rows);
      files.add(csv(rows, random));
    }
    LoadScene scene = new LoadScene(sandbox, "accounted" + seed).rejects(directory, 1000);

    try (StagedDelivery staged =
        staged(scene, scene.files("r1", all.size(), files.toArray(String[]::new)))) {
      long loaded = staged.publish().rows();

      assertThat(staged.rows()).isEqualTo(all.size());
      assertThat(loaded + staged.rejected()).isEqualTo(all.size());
    }
    assertThat(scene.query("SELECT id, email FROM " + scene.table()))
        .containsExactlyInAnyOrderElementsOf(
            all.stream().filter(Staged::fits).map(Staged::shown).toList());
    assertThat(keptRows())
        .containsExactlyInAnyOrderElementsOf(
            all.stream().filter(row -> !row.fits()).map(Staged::shown).toList());
  }

  private static StagedDelivery staged(LoadScene scene, StagedFiles files) {
    return staged(scene, new RecordingDriver(), files);
  }

  private static StagedDelivery staged(LoadScene scene, RecordingDriver driver, StagedFiles files) {
    return scene
        .load(driver)
        .stage(scene.plan("r1", Write.APPEND), LoadScene.COLUMNS, scene.transport(files));
  }

  /** A serverless workgroup has no STL tables. */
  private static RecordingDriver without(String... tables) {
    return new RecordingDriver(
        sql -> {
          for (String table : tables) {
            if (sql.contains(table)) {
              throw new SQLException("relation \"" + table + "\" does not exist", "42P01");
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"sys_load_error_detail", "stl_load_errors"})
  void tellsWhyARowIsRefusedWhicheverTableThereIs(String missing) throws Exception {
    String name = "told_" + missing.substring(0, 3);
    LoadScene scene = new LoadScene(sandbox, name).rejects(directory, 5);
    StagedFiles files = scene.files("r1", 3, "1,a\n", "2,b\nthree,\"c\nd\"\n");

    try (StagedDelivery staged = staged(scene, without(missing), files)) {
      assertThat(staged.publish().rows()).isEqualTo(2);
    }

    JsonNode line = kept().get(0);
    assertThat(kept()).hasSize(1);
    String row = "{\"id\":\"three\",\"email\":\"c\\nd\"}";
    assertThat(line.get("row").asText()).isEqualTo(row);
    assertThat(line.get("row_key").asText())
        .isEqualTo(
            HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(row.getBytes(StandardCharsets.UTF_8))));
    assertThat(line.get("rejected_by").asText()).isEqualTo("warehouse");
    assertThat(line.get("column").asText()).isEqualTo("id");
    assertThat(line.get("reason").asText()).isNotBlank();
    assertThat(line.at("/errors/0/code").asInt()).isEqualTo(1207);
    assertThat(line.at("/errors/0/column").asText()).isEqualTo("id");
    assertThat(line.at("/errors/0/position").isInt()).isTrue();
  }

  @Test
  void failsWhereMoreRowsAreRefusedThanMayBe() {
    LoadScene scene = new LoadScene(sandbox, "exceeded").rejects(directory, 2);
    StagedFiles files = scene.files("r1", 4, "1,a\nx,b\ncanary7,c\n", "y,d\n");

    PenstockException failed =
        catchThrowableOfType(PenstockException.class, () -> staged(scene, files).publish());

    assertThat(failed.code()).isEqualTo(ErrorCode.REJECTS_EXCEEDED);
    assertThat(failed.problem()).contains("more than 2 staged rows");
    assertThat(failed.reason()).contains("column id, line 2 of s3://").contains("code 1207");
    assertThat(failed.toString()).doesNotContain("canary7");
    assertThat(scene.query("SELECT to_regclass('public.exceeded') IS NULL")).containsExactly("t");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void loadsNothingWhereARefusedRowCannotBeFoundAgain() {
    LoadScene scene = new LoadScene(sandbox, "unfound").rejects(directory, 2);
    StagedFiles files = scene.files("r1", 2, "1,a\nx,b\n");

    PenstockException failed =
        catchThrowableOfType(
            PenstockException.class,
            () ->
                staged(scene, without("stl_load_errors", "sys_load_error_detail"), files)
                    .publish());

    assertThat(failed.code()).isEqualTo(ErrorCode.RECONCILIATION_MISMATCH);
    assertThat(failed.reason()).contains("passed over 1 rows, and 0 were found");
    assertThat(scene.query("SELECT to_regclass('public.unfound') IS NULL")).containsExactly("t");
    assertThat(directory.resolve(LoadScene.REJECTS)).doesNotExist();
  }

  @Test
  void asksForNoMoreThanMayBeRefusedAndLoadsWhatIsGood() {
    LoadScene scene = new LoadScene(sandbox, "just").rejects(directory, 1);
    RecordingDriver driver = new RecordingDriver();

    try (StagedDelivery staged = staged(scene, driver, scene.files("r1", 2, "1,a\nx,b\n"))) {
      assertThat(staged.publish().load().orElseThrow().rowsInserted()).hasValue(1);
      assertThat(staged.rejected()).isEqualTo(1);
    }

    assertThat(driver.recorded()).anyMatch(sql -> sql.endsWith(" MAXERROR 2"));
  }

  @Test
  void keepsRowsThatAreRefusedBeforeACommitThatDoesNotHappenAndLosesNoneInTheNextAttempt()
      throws Exception {
    try (CuttingProxy proxy = CuttingProxy.atCommit(sandbox.redshift().port(), Fate.CUT_BEFORE)) {
      LoadScene scene = new LoadScene(sandbox, "cut").rejects(directory, 5);
      scene.loads("r0", Write.APPEND, scene.files("r0", 0));
      StagedFiles files = scene.files("r1", 3, "1,a\nx,b\n3,c\n");

      PenstockException failed =
          catchThrowableOfType(
              PenstockException.class,
              () ->
                  new LoadScene(sandbox, "cut")
                      .rejects(directory, 5)
                      .port(proxy.port())
                      .loads("r1", Write.APPEND, files));

      assertThat(proxy.hasCut()).isTrue();
      assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
      assertThat(keptRows()).as("durable before COMMIT").containsExactly("x|b");
      assertThat(scene.query("SELECT COUNT(*) FROM public.cut")).containsExactly("0");

      assertThat(scene.loads("r1", Write.APPEND, files).rows()).isEqualTo(2);
      assertThat(keptRows()).containsExactly("x|b");
      assertThat(scene.query("SELECT id FROM public.cut ORDER BY id")).containsExactly("1", "3");
    }
  }

  @Test
  void countsRefusedRowsOfALoadThatWasApplied() throws Exception {
    try (CuttingProxy proxy = CuttingProxy.atCommit(sandbox.redshift().port(), Fate.CUT_AFTER)) {
      LoadScene direct = new LoadScene(sandbox, "lost").rejects(directory, 5);
      direct.loads("r0", Write.APPEND, direct.files("r0", 0));
      LoadScene scene = new LoadScene(sandbox, "lost").rejects(directory, 5).port(proxy.port());

      try (StagedDelivery lost = staged(scene, scene.files("r1", 2, "1,a\nx,b\n"))) {
        assertThat(lost.publish().status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(lost.rejected()).as("after a lost reply").isEqualTo(1);
      }
      try (StagedDelivery again = staged(scene, scene.files("r1", 2, "1,a\nx,b\n"))) {
        assertThat(again.publish().status()).isEqualTo(RunStatus.ALREADY_DONE);
        assertThat(again.rejected()).as("by an earlier attempt").isEqualTo(1);
      }

      assertThat(proxy.hasCut()).isTrue();
      assertThat(keptRows()).containsExactly("x|b");
      assertThat(direct.query("SELECT id FROM public.lost")).containsExactly("1");
    }
  }

  @Test
  void removesWhatAnEarlierAttemptSetAsideAndNoRowIsRefusedAnyMore() throws Exception {
    LoadScene scene = new LoadScene(sandbox, "mended").rejects(directory, 5);
    Files.writeString(directory.resolve(LoadScene.REJECTS), "{}\n");

    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));

    assertThat(directory).isEmptyDirectory();
  }

  /** A transaction that is repeated writes the rows once. */
  @Test
  void writesTheRowsOnceThoughTheTransactionIsRepeated() throws Exception {
    LoadScene scene = new LoadScene(sandbox, "repeated").rejects(directory, 5);
    List<String> inserts = new ArrayList<>();
    RecordingDriver driver =
        new RecordingDriver(
            sql -> {
              if (sql.startsWith("INSERT INTO \"public\"")) {
                inserts.add(sql);
                if (inserts.size() == 1) {
                  throw new SQLException("1023 Serializable isolation violation", "40001");
                }
              }
            });

    try (StagedDelivery staged = staged(scene, driver, scene.files("r1", 2, "1,a\nx,b\n"))) {
      staged.publish();
      assertThat(staged.rejected()).isEqualTo(1);
    }

    assertThat(inserts).hasSize(2);
    assertThat(keptRows()).containsExactly("x|b");
  }
}
