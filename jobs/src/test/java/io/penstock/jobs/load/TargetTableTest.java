package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.TableName;
import io.penstock.jobs.load.TargetTable.Found;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetTableTest {
  private static void require(String type, String dataType, int length, int scale) {
    TargetTable.requireTakes(
        new TableName("public", "t"),
        List.of(new Found("c", dataType, length, scale)),
        List.of(new Column("C", RedshiftType.parse(type).orElseThrow(), true, false)));
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
}
