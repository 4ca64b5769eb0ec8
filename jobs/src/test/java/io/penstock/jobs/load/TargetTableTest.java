package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.Application;
import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.TableName;
import io.penstock.jobs.load.TargetTable.Changes;
import io.penstock.jobs.load.TargetTable.Found;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetTableTest {
  private static void require(String type, String dataType, int length, int scale) {
    changes(SchemaChange.FAIL, type, new Found("c", dataType, length, scale, false));
  }

  private static Changes changes(SchemaChange schemaChange, String type, Found... found) {
    return new TargetTable(new TableName("public", "t"), List.of(found))
        .changesFor(
            List.of(new Column("C", RedshiftType.parse(type).orElseThrow(), true, false)),
            new Application(
                Operation.UPDATE, Write.APPEND, List.of(), schemaChange, List.of(), List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "smallint; smallint; 16; 0",
        "smallint; bigint; 64; 0",
        "integer; numeric; 10; 0",
        "bigint; numeric; 21; 2",
        "decimal(9,2); numeric; 12; 4",
        "real; double precision; 53; 0",
        "char(3); character varying; 3; 0",
        "varchar(20); character varying; 20; 0",
        "varchar(max); character varying; 0; 0",
        "date; date; 0; 0",
        "timestamp; timestamp without time zone; 0; 0",
        "timestamptz; timestamp with time zone; 0; 0",
        "super; super; 0; 0",
        "super; a type unknown here; 0; 0",
        "varbyte; binary varying; 0; 0"
      })
  void takesWhatLosesNothing(String type, String dataType, int length, int scale) {
    assertThatCode(() -> require(type, dataType, length, scale)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "bigint; integer; 32; 0",
        "integer; numeric; 10; 1",
        "decimal(9,2); numeric; 9; 1",
        "decimal(9,2); double precision; 53; 0",
        "double; real; 24; 0",
        "varchar(21); character varying; 20; 0",
        "varchar(3); character; 3; 0",
        "integer; character varying; 256; 0",
        "timestamptz; timestamp without time zone; 0; 0",
        "date; timestamp without time zone; 0; 0"
      })
  void refusesWhatWouldChangeAValue(String type, String dataType, int length, int scale) {
    PenstockException refused =
        catchThrowableOfType(PenstockException.class, () -> require(type, dataType, length, scale));

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(refused.reason()).contains(dataType).contains(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "varchar(21); character varying; 20; character varying(20)",
        "char(3); character varying; 2; character varying(2)"
      })
  void widensText(String type, String dataType, int length, String from) {
    Changes changes =
        changes(SchemaChange.ADD_COLUMNS, type, new Found("c", dataType, length, 0, false));

    assertThat(changes.missing()).isEmpty();
    assertThat(changes.widened()).extracting(TargetTable.Widened::from).containsExactly(from);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "bigint; integer; 32; 0",
        "decimal(9,2); numeric; 9; 1",
        "char(3); character; 2; 0",
        "varchar(3); character; 2; 0",
        "varchar(3); integer; 32; 0"
      })
  void widensNothingElse(String type, String dataType, int length, int scale) {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () ->
                changes(
                    SchemaChange.ADD_COLUMNS,
                    type,
                    new Found("c", dataType, length, scale, false)));

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
  }

  @Test
  void addsWhatIsMissingWhereItMay() {
    Found other = new Found("other", "integer", 32, 0, false);

    assertThat(changes(SchemaChange.ADD_COLUMNS, "bigint", other).missing())
        .extracting(Column::name)
        .containsExactly("C");
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class, () -> changes(SchemaChange.FAIL, "bigint", other));
    assertThat(refused.remedy()).contains("schema-change = add-columns");
  }

  @Test
  void refusesATableThatWantsAValueWhichTheRowsDoNotHave() {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () ->
                changes(
                    SchemaChange.ADD_COLUMNS,
                    "bigint",
                    new Found("c", "bigint", 64, 0, true),
                    new Found("other", "integer", 32, 0, true)));

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(refused.problem()).contains("without column other");
  }
}
