package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.names.FileName;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LoadStatementsTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", RedshiftType.of(RedshiftType.Kind.BIGINT), false, false),
          new Column("Full \"Name\"", RedshiftType.varchar(20), true, false),
          new Column("amount", RedshiftType.decimal(18, 2), true, false));
  private static final CopyAuthorization ROLE =
      new CopyAuthorization.IamRole("arn:aws:iam::123456789012:role/copy");

  private static LoadStatements statements(Map<String, String> definitions) {
    return new LoadStatements(RunPlansTest.load(RunPlansTest.plan(definitions, "r1")), COLUMNS);
  }

  private static String stage() {
    return "\"_penstock\".\""
        + RunPlansTest.load(RunPlansTest.plan(Map.of(), "r1")).stageTable().name()
        + "\"";
  }

  @Test
  void createsTheStageWithItsOwnColumns() {
    assertThat(statements(Map.of()).createStage().sql())
        .isEqualTo(
            "CREATE TABLE "
                + stage()
                + " (\"id\" BIGINT NOT NULL, \"full \"\"name\"\"\" VARCHAR(20), \"amount\""
                + " DECIMAL(18,2)) DISTSTYLE EVEN");
  }

  @Test
  void copiesCsvFromTheManifest() {
    String copy = statements(Map.of()).copy(ROLE, 0).sql();

    assertThat(copy)
        .matches(
            "COPY \"_penstock\"\\.\"stage_\\w+\" \\(\"id\", \"full \"\"name\"\"\", \"amount\"\\)"
                + " FROM 's3://acme-staging/load/profiles/r1/warehouse/manifest' IAM_ROLE"
                + " 'arn:aws:iam::123456789012:role/copy' FORMAT AS CSV NULL AS"
                + " '@NULL[0-9a-f]{24}@' GZIP MANIFEST DATEFORMAT 'auto' TIMEFORMAT 'auto' REGION"
                + " 'us-east-1' COMPUPDATE OFF STATUPDATE OFF");
  }

  @Test
  void copiesEveryOtherFormatWithTheOptionsItTakes() {
    String key = "destinations.warehouse.staging.format";

    assertThat(statements(Map.of(key, "parquet")).copy(ROLE, 0).sql())
        .endsWith("role/copy' FORMAT AS PARQUET MANIFEST STATUPDATE OFF");
    assertThat(statements(Map.of(key, "avro")).copy(ROLE, 0).sql())
        .containsPattern(
            " FORMAT AS AVRO 'auto ignorecase' NULL AS '@stage_[a-z0-9_]+@' MANIFEST DATEFORMAT"
                + " 'auto' TIMEFORMAT 'auto' REGION 'us-east-1' COMPUPDATE OFF");
    assertThat(statements(Map.of(key, "json")).copy(ROLE, 0).sql())
        .contains(" FORMAT AS JSON 'auto ignorecase' GZIP MANIFEST DATEFORMAT 'auto'");
  }

  @Test
  void copiesZstandardFilesToo() {
    Map<String, String> zstd = Map.of("destinations.warehouse.staging.compression", "zstd");

    assertThat(statements(zstd).copy(ROLE, 0).sql()).contains("@' ZSTD MANIFEST ");
    assertThat(RunPlansTest.load(RunPlansTest.plan(zstd, "r1")).staging().orElseThrow().fileName())
        .isEqualTo(new FileName("part_", ".csv.zst", true));
  }

  @Test
  void passesOverRowsOfTextFilesOnly() {
    String key = "destinations.warehouse.staging.format";

    assertThat(statements(Map.of()).copy(ROLE, 7).sql()).endsWith(" STATUPDATE OFF MAXERROR 8");
    assertThat(statements(Map.of(key, "json")).copy(ROLE, 1_000_000).sql())
        .endsWith(" STATUPDATE OFF MAXERROR 100000");
    for (String format : List.of("parquet", "avro")) {
      assertThat(statements(Map.of(key, format)).copy(ROLE, 7).sql()).doesNotContain("MAXERROR");
    }
  }

  /** Parquet goes by position: the list has the order of the staged columns, not the table's. */
  @Test
  void listsTheColumnsAsTheyAreStagedWhateverTheyAreCalled() {
    List<Column> columns =
        List.of("Select", "b", "ÄRGER", "table", "A \"b\"").stream()
            .map(name -> new Column(name, RedshiftType.varchar(9), true, false))
            .toList();
    for (String format : List.of("csv", "parquet", "avro", "json")) {
      LoadStatements statements =
          new LoadStatements(
              RunPlansTest.load(
                  RunPlansTest.plan(Map.of("destinations.warehouse.staging.format", format), "r1")),
              columns);

      assertThat(statements.copy(ROLE, 0).sql())
          .contains(" (\"select\", \"b\", \"Ärger\", \"table\", \"a \"\"b\"\"\") FROM 's3://");
      assertThat(statements.apply().steps().get(0).sql().sql())
          .contains(
              " (\"select\", \"b\", \"Ärger\", \"table\", \"a \"\"b\"\"\") SELECT \"select\", \"b\",");
    }
  }

  @Test
  void showsNoKeys() {
    CopyAuthorization keys = new CopyAuthorization.Keys("AKIA1", "s'ecret", Optional.of("tok3n"));
    SqlStatement copy = statements(Map.of()).copy(keys, 0);

    assertThat(copy.sql())
        .contains("ACCESS_KEY_ID 'AKIA1' SECRET_ACCESS_KEY 's''ecret' SESSION_TOKEN 'tok3n'");
    assertThat(copy.redacted() + copy + keys)
        .contains("ACCESS_KEY_ID '***'")
        .doesNotContain("AKIA1", "ecret", "tok3n");
  }

  @Test
  void refusesToCopyWhatTheTransportStages() {
    LoadStatements connector = statements(Map.of("destinations.warehouse.loader", "connector"));

    assertThatThrownBy(() -> connector.copy(ROLE, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void recordsTheRun() {
    Instant start = Instant.parse("2026-11-01T00:00:00.123456Z");
    LedgerEntry entry =
        new LedgerEntry(
            RunStatus.FAILED,
            start,
            start.plusSeconds(1),
            5,
            new LoadResult(
                "public.profiles_3",
                "create-new",
                OptionalLong.of(5),
                OptionalLong.of(2),
                OptionalLong.empty(),
                List.of()),
            Optional.of(new RunError("LOAD_STATEMENT", "it's " + "é".repeat(4096))));
    String insert = statements(Map.of()).insertLedgerRow(entry).sql();

    assertThat(insert)
        .startsWith("INSERT INTO \"_penstock\".\"runs\" (\"job\", ")
        .contains(
            "VALUES ('profiles', 'warehouse', 'r1', 'failed', '2026-11-01 00:00:00.123456+00',"
                + " '2026-11-01 00:00:01.123456+00', 5, 'public.profiles_3', 'create-new', 5, 2,"
                + " NULL, 'LOAD_STATEMENT', 'it''s ")
        .endsWith("'it''s " + "é".repeat(2045) + "')");
    assertThat(statements(Map.of()).findApplied().sql())
        .endsWith(
            " FROM \"_penstock\".\"runs\" WHERE \"job\" = 'profiles' AND \"destination\" ="
                + " 'warehouse' AND \"run_id\" = 'r1' AND \"status\" = 'succeeded'");
  }
}
