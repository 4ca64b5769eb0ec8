package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.TableName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateStatementsTest {
  private static final StateStatements STATE = new StateStatements("_Rudderstack", "a-job");

  @Test
  void quotesTheSchemaAndTheTablesOfTheJob() {
    assertThat(STATE.createLock().sql())
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"_rudderstack\".\"penstock_a-job_lock\" (\"n\" INTEGER)");
    assertThat(STATE.insertCursor(Optional.of("it's")).sql())
        .isEqualTo(
            "INSERT INTO \"_rudderstack\".\"penstock_a-job_cursor\" (\"checkpoint\") VALUES"
                + " ('it''s')");
    assertThat(STATE.find(STATE.snapshot(7), STATE.failedKeys(7)).sql())
        .endsWith(
            "n.nspname = '_rudderstack' AND c.relname IN ('penstock_a-job_snapshot_7',"
                + " 'penstock_a-job_failed_keys_7')");
  }

  @Test
  void aLongDocumentHasSeveralRowsNoneOfWhichEndsWithinACharacter() {
    String text = "x" + "🚰".repeat(16_000);

    String sql = STATE.insertDocument(text, "v").sql();

    List<String> parts =
        java.util.regex.Pattern.compile("\\(\\d, '([^']*)', 'v'\\)")
            .matcher(sql)
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(parts).hasSize(3);
    assertThat(String.join("", parts)).isEqualTo(text);
    assertThat(parts)
        .allMatch(part -> part.codePointCount(0, part.length()) <= 16_000)
        .noneMatch(part -> part.contains("\ufffd"))
        .allMatch(part -> !Character.isHighSurrogate(part.charAt(part.length() - 1)));
    assertThat(STATE.insertDocument("", "v").sql()).endsWith("VALUES (0, '', 'v')");
  }

  @ParameterizedTest
  @CsvSource({
    "bigint, -5, CAST('-5' AS BIGINT)",
    "'decimal(5,2)', 1.50, 'CAST(''1.50'' AS DECIMAL(5,2))'",
    "double, NaN, CAST('NaN' AS DOUBLE PRECISION)",
    "boolean, true, true",
    "varchar(5), it's, 'it''''s'",
    "varbyte, 00ff, 'TO_VARBYTE(''00ff'', ''hex'')'",
    "timestamptz, 2026-11-01 10:00:00, CAST('2026-11-01 10:00:00' AS TIMESTAMPTZ)",
    "date, , NULL"
  })
  void valuesAreLiteralsOfTheirType(String type, String text, String sql) {
    String expected = type.startsWith("varchar") ? "'it''s'" : sql;

    assertThat(StateTableStatements.value(RedshiftType.parse(type).orElseThrow(), text))
        .isEqualTo(expected);
  }

  @Test
  void noLiteralHoldsNul() {
    assertThatThrownBy(() -> StateTableStatements.value(RedshiftType.varchar(5), "a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTableIsFilledBesideTheOneWhoseNameItTakes() {
    StateTableStatements table =
        STATE.rows(
            new TableName("_Rudderstack", "penstock_a-job_snapshot_1"),
            List.of(new Column("id", RedshiftType.varchar(65_535), true, false)));

    assertThat(table.part().renameTo(table).sql())
        .isEqualTo(
            "ALTER TABLE \"_rudderstack\".\"penstock_a-job_snapshot_1_part\" RENAME TO"
                + " \"penstock_a-job_snapshot_1\"");
    assertThat(table.create().sql())
        .isEqualTo(
            "CREATE TABLE \"_rudderstack\".\"penstock_a-job_snapshot_1\" (\"id\" VARCHAR(65535))"
                + " DISTSTYLE EVEN");
  }
}
