package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTextTest {
  private static final List<Column> COLUMNS =
      List.of(new Column("id", RedshiftType.of(RedshiftType.Kind.BIGINT), false, true));

  @Test
  void showsKeysAndTheStatementsInOrder() {
    RunPlan plan =
        RunPlansTest.plan(
            Map.of(
                "destinations.warehouse.write", "overwrite",
                "destinations.warehouse.pre-sql", "[\"ANALYZE a\"]",
                "destinations.warehouse.post-sql", "[\"ANALYZE b\"]"),
            "r1");
    List<String> lines = PlanText.lines(plan, COLUMNS);

    assertThat(lines)
        .contains(
            "  a: csv /jobs/in.csv",
            "  id bigint not null pii",
            "  first file: s3://acme-exports/daily/2026-11-01/profiles_0000001.csv.gz",
            "  manifest: s3://acme-exports/daily/2026-11-01/profiles.manifest",
            "  done file: s3://acme-exports/daily/2026-11-01/.DONE",
            "  operation: overwrite");
    assertThat(lines.stream().filter(line -> line.startsWith("    ")).map(PlanTextTest::verb))
        .containsExactly(
            "CREATE SCHEMA",
            "CREATE TABLE",
            "BEGIN",
            "LOCK",
            "SELECT",
            "SELECT",
            "CREATE TABLE",
            "DROP TABLE",
            "CREATE TABLE",
            "COPY",
            "SELECT",
            "SELECT",
            "ANALYZE",
            "DELETE FROM",
            "INSERT INTO",
            "ANALYZE",
            "DELETE FROM",
            "INSERT INTO",
            "DROP TABLE",
            "COMMIT");
  }

  @Test
  void showsEveryStatementOfAMirrorThatMayChangeTheTable() {
    RunPlan plan =
        RunPlansTest.plan(
            Map.of(
                "destinations.warehouse.write", "mirror",
                "destinations.warehouse.keys", "[id]",
                "destinations.warehouse.schema-change", "add-columns",
                "destinations.warehouse.table.comment", "profiles"),
            "r1");
    List<Column> columns =
        List.of(COLUMNS.get(0), new Column("name", RedshiftType.varchar(9), true, false));

    assertThat(statements(plan, columns).map(PlanTextTest::verb))
        .containsExactly(
            "CREATE SCHEMA",
            "CREATE TABLE",
            "BEGIN",
            "LOCK",
            "SELECT",
            "SELECT",
            "ALTER",
            "ROLLBACK",
            "BEGIN",
            "LOCK",
            "SELECT",
            "SELECT",
            "CREATE TABLE",
            "COMMENT",
            "DROP TABLE",
            "CREATE TABLE",
            "COPY",
            "SELECT",
            "SELECT",
            "SELECT",
            "SELECT",
            "ALTER",
            "ALTER",
            "DELETE FROM",
            "UPDATE",
            "INSERT INTO",
            "SELECT",
            "DELETE FROM",
            "INSERT INTO",
            "DROP TABLE",
            "COMMIT");
  }

  @Test
  void showsANameWithoutItsNumberAsAPattern() {
    RunPlan plan =
        RunPlansTest.plan(Map.of("destinations.warehouse.operation", "create-new"), "r1");

    assertThat(PlanText.lines(plan, COLUMNS))
        .contains("  table: public.profiles_<n>", "  operation: create-new");
    assertThat(statements(plan, COLUMNS))
        .anyMatch(line -> line.startsWith("CREATE TABLE \"public\".\"profiles_<n>\" ("))
        .anyMatch(line -> line.startsWith("INSERT INTO \"public\".\"profiles_<n>\" ("))
        .noneMatch(line -> line.contains("\"profiles\""));
  }

  private static Stream<String> statements(RunPlan plan, List<Column> columns) {
    return PlanText.lines(plan, columns).stream()
        .filter(line -> line.startsWith("    "))
        .map(String::strip);
  }

  private static String verb(String line) {
    return line.strip().replaceFirst("^((?:CREATE|DROP|DELETE|INSERT) \\w+|\\w+).*$", "$1");
  }

  @Test
  void showsTheSameAsJson() {
    ObjectNode node = PlanText.json(RunPlansTest.plan(Map.of(), "r1"), COLUMNS);

    assertThat(node.at("/destinations/0/firstFile").asText())
        .isEqualTo("s3://acme-exports/daily/2026-11-01/profiles_0000001.csv.gz");
    assertThat(node.at("/destinations/1/sql")).hasSize(17);
    assertThat(node.at("/rejects/location").asText())
        .isEqualTo("s3://acme-state/penstock/rejects/profiles/r1");
  }

  @Test
  void leavesOutSqlWhoseColumnsAreNotKnown() {
    assertThat(PlanText.lines(RunPlansTest.plan(Map.of(), "r1"), List.of()))
        .noneMatch(line -> line.contains("COPY"));
  }

  @Test
  void showsWhatIsSentToReadASource() {
    RunPlan plan = RunPlansTest.plan(Map.of(), "r1");
    Map<String, List<SqlStatement>> reads =
        Map.of("a", List.of(new SqlStatement("UNLOAD canary", "UNLOAD ***")));

    assertThat(PlanText.lines(plan, COLUMNS, reads))
        .containsSubsequence("  a: csv /jobs/in.csv", "    UNLOAD ***");
    assertThat(PlanText.json(plan, COLUMNS, reads).at("/sources/0/sql/0").asText())
        .isEqualTo("UNLOAD ***");
  }
}
