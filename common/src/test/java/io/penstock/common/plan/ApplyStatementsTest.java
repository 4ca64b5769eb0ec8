package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.plan.ApplyStatements.Effect;
import io.penstock.common.plan.ApplyStatements.Step;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplyStatementsTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("Id", RedshiftType.of(Kind.BIGINT), false, false),
          new Column("name", RedshiftType.varchar(20), true, false),
          new Column("doc", RedshiftType.of(Kind.SUPER), true, false),
          new Column("day", RedshiftType.of(Kind.DATE), true, false));

  private static ApplyStatements statements(String write, String keys, List<Column> columns) {
    return new LoadStatements(
            RunPlansTest.load(
                RunPlansTest.plan(
                    Map.of(
                        "destinations.warehouse.write", write,
                        "destinations.warehouse.keys", keys,
                        "template.unmapped", "keep"),
                    "r1")),
            columns)
        .apply();
  }

  private static String stage() {
    return "\"_penstock\".\""
        + RunPlansTest.load(RunPlansTest.plan(Map.of(), "r1")).stageTable().name()
        + "\"";
  }

  private static List<String> sql(ApplyStatements statements) {
    return statements.steps().stream().map(step -> step.sql().sql()).toList();
  }

  @Test
  void appendsAndOverwrites() {
    String insert =
        "INSERT INTO \"public\".\"profiles\" (\"id\", \"name\", \"doc\", \"day\") SELECT \"id\","
            + " \"name\", \"doc\", \"day\" FROM "
            + stage();

    assertThat(sql(statements("append", "[]", COLUMNS))).containsExactly(insert);
    assertThat(sql(statements("overwrite", "[]", COLUMNS)))
        .containsExactly("DELETE FROM \"public\".\"profiles\"", insert);
  }

  @Test
  void mirrorsByDeletingUpdatingWhatDiffersAndInsertingWhatIsMissing() {
    ApplyStatements mirror = statements("mirror", "[ID]", COLUMNS);
    String from = " FROM " + stage() + " AS penstock_stage WHERE ";
    String same = "\"profiles\".\"id\" = penstock_stage.\"id\"";

    assertThat(mirror.steps())
        .extracting(Step::effect)
        .containsExactly(Effect.DELETED, Effect.UPDATED, Effect.INSERTED);
    assertThat(sql(mirror))
        .containsExactly(
            "DELETE FROM \"public\".\"profiles\" WHERE NOT EXISTS (SELECT 1" + from + same + ")",
            "UPDATE \"public\".\"profiles\" SET \"name\" = penstock_stage.\"name\", \"doc\" ="
                + " penstock_stage.\"doc\", \"day\" = penstock_stage.\"day\""
                + from
                + same
                + " AND (\"profiles\".\"name\" <> penstock_stage.\"name\" OR"
                + " OCTET_LENGTH(\"profiles\".\"name\") <> OCTET_LENGTH(penstock_stage.\"name\") OR"
                + " (\"profiles\".\"name\" IS NULL AND penstock_stage.\"name\" IS NOT NULL) OR"
                + " (\"profiles\".\"name\" IS NOT NULL AND penstock_stage.\"name\" IS NULL) OR"
                + " \"profiles\".\"doc\" IS NOT NULL OR penstock_stage.\"doc\" IS NOT NULL OR"
                + " \"profiles\".\"day\" <> penstock_stage.\"day\" OR"
                + " (\"profiles\".\"day\" IS NULL AND penstock_stage.\"day\" IS NOT NULL) OR"
                + " (\"profiles\".\"day\" IS NOT NULL AND penstock_stage.\"day\" IS NULL))",
            "INSERT INTO \"public\".\"profiles\" (\"id\", \"name\", \"doc\", \"day\") SELECT"
                + " penstock_stage.\"id\", penstock_stage.\"name\", penstock_stage.\"doc\","
                + " penstock_stage.\"day\""
                + from
                + "NOT EXISTS (SELECT 1 FROM \"public\".\"profiles\" WHERE "
                + same
                + ")");
  }

  @Test
  void appliesTheChangesOfASyncByTheirOperation() {
    LoadPlan plan =
        RunPlansTest.load(
            RunPlansTest.plan(
                Map.of(
                    "sync", "{ mode = mirror, keys = [id], state { path = kept } }",
                    "destinations.warehouse.write", "mirror",
                    "destinations.warehouse.keys", "[id]"),
                "r1"));
    LoadStatements statements = new LoadStatements(plan, COLUMNS.subList(0, 2));
    String same = "\"profiles\".\"id\" = penstock_stage.\"id\"";
    String gone = "penstock_stage.\"operation\" = 'delete'";
    String from = " FROM " + stage() + " AS penstock_stage WHERE ";

    assertThat(statements.createStage().sql())
        .contains("(\"id\" BIGINT, \"name\" VARCHAR(20), \"operation\" VARCHAR(8) NOT NULL)");
    assertThat(statements.target().create().sql()).doesNotContain("operation");
    assertThat(sql(statements.apply()))
        .satisfiesExactly(
            delete ->
                assertThat(delete)
                    .isEqualTo(
                        "DELETE FROM \"public\".\"profiles\" WHERE EXISTS (SELECT 1"
                            + from
                            + same
                            + " AND "
                            + gone
                            + ")"),
            update -> assertThat(update).contains(from + same + " AND NOT " + gone + " AND ("),
            insert ->
                assertThat(insert)
                    .endsWith(
                        "NOT EXISTS (SELECT 1 FROM \"public\".\"profiles\" WHERE "
                            + same
                            + ") AND NOT "
                            + gone));
    assertThat(plan.ofAttempt(7).run().runId()).isEqualTo("r1/7");
    assertThat(LedgerStatements.runOf("r1/7")).isEqualTo("r1");
    assertThat(LedgerStatements.runOf("r1")).isEqualTo("r1");
  }

  @Test
  void upsertsWithoutDeleting() {
    assertThat(statements("upsert", "[id, day]", COLUMNS).steps())
        .extracting(Step::effect)
        .containsExactly(Effect.UPDATED, Effect.INSERTED);
  }

  @Test
  void updatesNothingWhereEveryColumnIsAKey() {
    assertThat(statements("upsert", "[id]", COLUMNS.subList(0, 1)).steps())
        .extracting(Step::effect)
        .containsExactly(Effect.INSERTED);
  }

  @Test
  void countsKeysThatTellNoRowsApart() {
    ApplyStatements upsert = statements("upsert", "[id, day]", COLUMNS);

    assertThat(upsert.countNullKeys().sql())
        .isEqualTo("SELECT COUNT(*) FROM " + stage() + " WHERE \"id\" IS NULL OR \"day\" IS NULL");
    assertThat(upsert.countRepeatedKeys().sql())
        .isEqualTo(
            "SELECT COUNT(*), COALESCE(SUM(n), 0) FROM (SELECT COUNT(*) AS n FROM "
                + stage()
                + " WHERE \"id\" IS NOT NULL AND \"day\" IS NOT NULL GROUP BY \"id\", \"day\" HAVING"
                + " COUNT(*) > 1) AS repeated");
  }
}
