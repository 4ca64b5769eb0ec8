package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.load.Transport.ConnectorTransport;
import io.penstock.jobs.redshift.Connector;
import io.penstock.jobs.testing.ConnectorNotes;
import io.penstock.jobs.testing.ConnectorStandIn;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.RecordingDriver;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A load through the connector: the options it is given, and the statements before and after it. A
 * stand-in under the connector's format name is put where only these tests see it.
 */
final class ConnectorLoadIT {
  private static final String CANARY_TOKEN = "token9f3ecanary";

  private static SandboxProcess sandbox;
  private static ConnectorStandIn connector;

  @BeforeAll
  static void start(@TempDir Path classes) throws IOException {
    sandbox = SandboxProcess.start();
    connector = ConnectorStandIn.compiled(classes);
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  private static Dataset<Row> rows(String values) {
    return LocalSpark.session().sql("SELECT * FROM VALUES " + values + " AS t(ID, email)");
  }

  private static RedshiftLoad load(RecordingDriver driver) {
    return new RedshiftLoad(
        LoadScene.SECRETS,
        access ->
            new CopyAuthorization.Keys("ACCESS", "secret9f3ecanary", Optional.of(CANARY_TOKEN)),
        LoadScene.LIMITS,
        driver);
  }

  private static DestinationResult loads(
      LoadScene scene, RecordingDriver driver, String runId, Write write, Dataset<Row> rows) {
    return connector.beside(
        () -> {
          try (StagedDelivery staged =
              load(driver)
                  .stage(
                      scene.plan(runId, write), LoadScene.COLUMNS, new ConnectorTransport(rows))) {
            DestinationResult result = staged.publish();
            staged.finish();
            return result;
          }
        });
  }

  @Test
  void givesTheConnectorTheseOptionsAndTheTransactionTheseStatements() {
    LoadScene scene = new LoadScene(sandbox, "carried").loader(Loader.CONNECTOR).keep();
    RecordingDriver driver = new RecordingDriver();

    DestinationResult result =
        loads(scene, driver, "r 1'", Write.OVERWRITE, rows("(1, 'a'), (2, NULL)"));

    assertThat(result.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(result.rows()).isEqualTo(2);
    assertThat(scene.query("SELECT id, email FROM public.carried ORDER BY id"))
        .containsExactly("1|a", "2|null");
    ConnectorNotes.Write note = noteOf("carried");
    assertThat(note.mode().name()).isEqualTo("Append");
    assertThat(note.options())
        .containsEntry("dbtable", "\"_state_carried\".\"stage_carried\"")
        .containsEntry(
            "tempdir", "s3a://penstock/staging/carried/shared/connector/job-carried/warehouse/r_1_")
        .containsEntry("tempdir_region", "us-east-1")
        .containsEntry("tempformat", "CSV GZIP")
        .containsEntry("csvnullstring", "@NULL-r_1_@")
        .containsEntry("include_column_list", "true")
        .containsEntry("copyretrycount", "0")
        .containsEntry("temporary_aws_access_key_id", "ACCESS")
        .containsEntry("temporary_aws_session_token", CANARY_TOKEN)
        .doesNotContainKeys("aws_iam_role", "forward_spark_s3_credentials");
    assertThat(note.options().get("url"))
        .startsWith("jdbc:redshift://127.0.0.1:")
        .contains("ssl=false")
        .doesNotContain(sandbox.redshift().password());
    assertThat(note.schema().fieldNames()).containsExactly("id", "email");
    assertThat(note.schema().apply("email").metadata().getString("redshift_type"))
        .isEqualTo("VARCHAR(20)");
    assertThat(driver.recorded())
        .noneMatch(sql -> sql.startsWith("COPY"))
        .filteredOn(
            sql ->
                sql.startsWith("LOCK")
                    || sql.contains("stage_carried")
                    || sql.contains("\"public\".\"carried\"")
                    || sql.equals("COMMIT"))
        .extracting(sql -> sql.replaceAll("^(\\w+ \\w+).*", "$1"))
        .containsExactly(
            "DROP TABLE",
            "CREATE TABLE",
            "COMMENT ON",
            "SELECT COUNT",
            "LOCK \"_state_carried\".\"runs\"",
            "CREATE TABLE",
            "SELECT COUNT",
            "DELETE FROM",
            "INSERT INTO",
            "DROP TABLE",
            "COMMIT",
            "DROP TABLE");
  }

  private static ConnectorNotes.Write noteOf(String table) {
    return ConnectorNotes.writes().stream()
        .filter(
            note -> note.options().getOrDefault("dbtable", "").contains("stage_" + table + "\""))
        .findFirst()
        .orElseThrow();
  }

  /** Three runs whose rows come, go and change; the model is a list or a map of rows. */
  @ParameterizedTest
  @EnumSource
  void appliesEveryWriteAsTheModelDoes(Write write) {
    LoadScene scene = new LoadScene(sandbox, "model_" + write).loader(Loader.CONNECTOR).keep();
    List<Map<Integer, String>> runs =
        List.of(
            Map.of(1, "a", 2, "b", 3, "c"),
            Map.of(2, "b", 3, "C", 4, "d"),
            Map.of(1, "a", 4, "D", 5, "e"));
    List<String> held = new ArrayList<>();

    for (int run = 0; run < runs.size(); run++) {
      Map<Integer, String> given = runs.get(run);
      List<String> lines =
          given.entrySet().stream().map(e -> e.getKey() + "|" + e.getValue()).toList();
      held.removeIf(
          line ->
              switch (write) {
                case APPEND -> false;
                case OVERWRITE, MIRROR -> true;
                case UPSERT -> given.containsKey(Integer.valueOf(line.split("\\|", -1)[0]));
              });
      held.addAll(lines);
      DestinationResult result =
          loads(scene, new RecordingDriver(), "r" + run, write, rows(values(given)));

      assertThat(result.rows()).isEqualTo(3);
      assertThat(scene.query("SELECT id, email FROM " + scene.table()))
          .containsExactlyInAnyOrderElementsOf(held);
      assertThat(scene.stateTables()).containsExactly("runs");
    }
  }

  private static String values(Map<Integer, String> rows) {
    return rows.entrySet().stream()
        .map(row -> "(" + row.getKey() + ", '" + row.getValue() + "')")
        .collect(Collectors.joining(", "));
  }

  @Test
  void makesATableForEachRun() {
    LoadScene scene =
        new LoadScene(sandbox, "numbered")
            .loader(Loader.CONNECTOR)
            .operation(Operation.CREATE_NEW)
            .keep();

    DestinationResult first =
        loads(scene, new RecordingDriver(), "r1", Write.APPEND, rows("(1, 'a')"));
    DestinationResult second =
        loads(scene, new RecordingDriver(), "r2", Write.APPEND, rows("(2, 'b')"));

    assertThat(first.load().orElseThrow().table()).isEqualTo("public.numbered_1");
    assertThat(second.load().orElseThrow().table()).isEqualTo("public.numbered_2");
    assertThat(scene.query("SELECT id FROM public.numbered_2")).containsExactly("2");
  }

  @Test
  void loadsNoRows() {
    LoadScene scene = new LoadScene(sandbox, "barren").loader(Loader.CONNECTOR).keep();
    Dataset<Row> none = rows("(1, 'a')").where("id > 1");

    DestinationResult result = loads(scene, new RecordingDriver(), "r1", Write.OVERWRITE, none);

    assertThat(result.rows()).isZero();
    assertThat(scene.query("SELECT COUNT(*) FROM public.barren")).containsExactly("0");
  }

  @Test
  void appliesARunOnceAndDropsTheStageOfARunThatDied() {
    LoadScene scene = new LoadScene(sandbox, "resumed").loader(Loader.CONNECTOR).keep();
    loads(scene, new RecordingDriver(), "r1", Write.APPEND, rows("(1, 'a')"));
    scene.query("CREATE TABLE _state_resumed.dead (id INTEGER)");
    scene.query(
        "COMMENT ON TABLE _state_resumed.dead IS 'penstock stage of job-resumed/warehouse'");

    DestinationResult again =
        loads(scene, new RecordingDriver(), "r1", Write.APPEND, rows("(1, 'a')"));

    assertThat(again.status()).isEqualTo(RunStatus.ALREADY_DONE);
    assertThat(scene.query("SELECT COUNT(*) FROM public.resumed")).containsExactly("1");
    assertThat(
            scene.query(
                "SELECT table_name FROM information_schema.tables"
                    + " WHERE table_schema = '_state_resumed'"))
        .containsExactly("runs");
  }

  @Test
  void keepsPasswordAndKeysOutOfPlansAndEvents() throws Exception {
    LoadScene scene = new LoadScene(sandbox, "secretive").loader(Loader.CONNECTOR).keep();
    List<String> events = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof SparkListenerSQLExecutionStart start) {
              events.add(start.physicalPlanDescription() + start.sparkPlanInfo());
            }
          }
        };
    LocalSpark.session().sparkContext().addSparkListener(listener);

    loads(scene, new RecordingDriver(), "r1", Write.APPEND, rows("(1, 'a')"));

    LocalSpark.session().sparkContext().listenerBus().waitUntilEmpty();
    LocalSpark.session().sparkContext().removeSparkListener(listener);
    assertThat(events).isNotEmpty();
    assertThat(String.join("\n", events))
        .contains("SaveIntoDataSourceCommand")
        .doesNotContain(sandbox.redshift().password())
        .doesNotContain("secret9f3ecanary")
        .doesNotContain(CANARY_TOKEN);
  }

  @Test
  void tellsWhyARowWasRefusedWithoutTheRow() {
    LoadScene scene = new LoadScene(sandbox, "overlong").loader(Loader.CONNECTOR).keep();

    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () ->
                loads(
                    scene,
                    new RecordingDriver(),
                    "r1",
                    Write.APPEND,
                    rows("(1, 'canary9f3e canary9f3e canary9f3e')")));

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_DATA_REFUSED);
    assertThat(refused.reason())
        .isEqualTo("column email: String length exceeds DDL length (code 1204)");
    StringWriter said = new StringWriter();
    refused.printStackTrace(new PrintWriter(said));
    assertThat(said.toString()).doesNotContain("canary9f3e");
    assertThat(
            scene.query(
                "SELECT table_name FROM information_schema.tables"
                    + " WHERE table_schema = '_state_overlong'"))
        .containsExactly("runs");
  }

  @Test
  void autoTakesTheConnectorWhereItIsAndExplicitlyMissingIsAnError() {
    LoadScene auto = new LoadScene(sandbox, "choice").loader(Loader.AUTO);
    LoadScene explicit = new LoadScene(sandbox, "choice").loader(Loader.CONNECTOR);
    assumeTrue(
        ConnectorLoadIT.class
                .getClassLoader()
                .getResource(Connector.FORMAT.replace('.', '/') + "/DefaultSource.class")
            == null,
        "the connector itself is on the class path");

    PenstockException missing =
        catchThrowableOfType(
            PenstockException.class,
            () -> LoaderChoice.of(explicit.plan("r1", Write.APPEND), LoadScene.COLUMNS));

    assertThat(missing.code()).isEqualTo(ErrorCode.LOAD_CONNECTOR_MISSING);
    assertThat(missing.remedy()).contains("--packages " + Connector.COORDINATES);
    assertThat(LoaderChoice.of(auto.plan("r1", Write.APPEND), LoadScene.COLUMNS))
        .isEqualTo(Loader.COPY);
  }

  @Test
  void runsTheConnectorItselfWhereItIsOnTheClassPath() {
    assumeTrue(
        ConnectorLoadIT.class
                .getClassLoader()
                .getResource(Connector.FORMAT.replace('.', '/') + "/DefaultSource.class")
            != null,
        "skipped: " + Connector.COORDINATES + " is not on the class path (profile connector)");
    LoadScene scene = new LoadScene(sandbox, "real").loader(Loader.CONNECTOR).keep();

    DestinationResult result = published(scene.plan("r1", Write.APPEND), rows("(1, 'a')"));

    assertThat(result.rows()).isEqualTo(1);
  }

  private static DestinationResult published(LoadPlan plan, Dataset<Row> rows) {
    try (StagedDelivery staged =
        load(new RecordingDriver()).stage(plan, LoadScene.COLUMNS, new ConnectorTransport(rows))) {
      return staged.publish();
    }
  }
}
