package io.penstock.jobs.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.TemplateConfig;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Origin;
import io.penstock.common.config.TemplateConfig.Unmapped;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.testing.LocalSpark;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates against queries they fit and do not fit; nothing of the rows is read to find out. */
class TemplateMismatchIT {
  private static Dataset<Row> people() {
    return LocalSpark.session()
        .sql(
            "SELECT 1 AS id, 'Ada' AS Name, named_struct('city', 'Graz') AS address,"
                + " array(1, 2) AS list");
  }

  private static Entry entry(String name, Origin origin, String type) {
    return new Entry(
        name, origin, type.isEmpty() ? Optional.empty() : RedshiftType.parse(type), false, true);
  }

  private static Mapped map(Dataset<Row> rows, Unmapped unmapped, Entry... entries) {
    return Mapping.apply(
        rows, Optional.of(new TemplateConfig(List.of(entries), unmapped, BadValue.FAIL)));
  }

  private static PenstockException mismatch(
      Dataset<Row> rows, Unmapped unmapped, Entry... entries) {
    PenstockException failure =
        catchThrowableOfType(PenstockException.class, () -> map(rows, unmapped, entries));
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.TEMPLATE_MISMATCH);
    return failure;
  }

  @Test
  void aMissingColumnNamesTheEntryAndTheColumnsThereAre() {
    PenstockException failure =
        mismatch(people(), Unmapped.DROP, entry("key", new Origin.From("idd"), ""));
    assertThat(failure.problem()).contains("entry key");
    assertThat(failure.reason()).contains("idd");
    assertThat(failure.remedy()).contains("id, Name, address, list");
  }

  @Test
  void twoColumnsOfOneNameAreAmbiguous() {
    Dataset<Row> twice = LocalSpark.session().sql("SELECT 1 AS a, 2 AS a");
    assertThat(mismatch(twice, Unmapped.DROP, entry("a", new Origin.From("a"), "")).reason())
        .contains("2 columns a");
  }

  @Test
  void aPathLeadsIntoNestedColumns() {
    Mapped mapped =
        map(people(), Unmapped.DROP, entry("city", new Origin.From("Address.CITY"), "char(4)"));
    assertThat(mapped.rows().head().getString(0)).isEqualTo("Graz");
    mismatch(people(), Unmapped.DROP, entry("zip", new Origin.From("address.zip"), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count(id)",
        "sum(id) OVER ()",
        "row_number() OVER (ORDER BY id)",
        "(SELECT max(1))",
        "id IN (SELECT 1)",
        "explode(list)",
        "*",
        "nothing + 1",
        "id +",
        "no_such_function(id)"
      })
  void anExpressionIsOverOneRow(String sql) {
    assertThat(
            mismatch(people(), Unmapped.DROP, entry("x", new Origin.Expression(sql), "")).problem())
        .contains("entry x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smallint|40000|outside smallint",
        "decimal(4,2)|1.234|outside decimal(4,2)",
        "date|2023-02-29|not a valid date",
        "varchar(2)|abc|longer than 2 bytes",
        "super|{|not valid JSON"
      })
  void aConstantIsConvertedBeforeAnythingRuns(String type, String text, String reason) {
    assertThat(mismatch(people(), Unmapped.DROP, entry("x", new Origin.Value(text), type)).reason())
        .contains(reason);
  }

  @ParameterizedTest
  @CsvSource({"address,bigint", "id,date", "id,varbyte(4)", "list,timestamp"})
  void whatHasNoConversionIsRefused(String column, String type) {
    assertThat(
            mismatch(people(), Unmapped.DROP, entry("x", new Origin.From(column), type)).reason())
        .contains("no conversion");
  }

  @Test
  void unmappedColumnsAreDroppedKeptOrRefused() {
    Entry name = entry("who", new Origin.Expression("concat(name, id)"), "");
    assertThat(map(people(), Unmapped.DROP, name).rows().columns()).containsExactly("who");
    assertThat(map(people(), Unmapped.KEEP, name).rows().columns())
        .containsExactly("who", "address", "list");
    assertThat(mismatch(people(), Unmapped.FAIL, name).problem()).endsWith("address, list");
  }

  @Test
  void resultNamesDifferInMoreThanCase() {
    Entry id = entry("ID2", new Origin.From("id"), "");
    mismatch(people(), Unmapped.DROP, id, entry("id2", new Origin.From("name"), ""));
    mismatch(people(), Unmapped.KEEP, entry("LIST", new Origin.From("id"), ""));
    mismatch(people(), Unmapped.DROP, entry("__penstock_x", new Origin.From("id"), ""));
  }

  @Test
  void withoutATemplateColumnsPassThroughWithTheirTypes() {
    Dataset<Row> rows =
        LocalSpark.session()
            .sql(
                "SELECT 1Y AS a, 1S AS b, 1 AS c, 1L AS d, 1.5BD AS e, float(1) AS f, 1D AS g,"
                    + " true AS h, 'x' AS i, date'2026-01-01' AS j, timestamp_ntz'2026-01-01' AS k,"
                    + " timestamp'2026-01-01' AS l, X'00' AS m, array(map('k', 1)) AS n");
    Mapped mapped = Mapping.apply(rows, Optional.empty());
    assertThat(mapped.columns())
        .extracting(column -> column.type().toString())
        .containsExactly(
            "smallint",
            "smallint",
            "integer",
            "bigint",
            "decimal(2,1)",
            "real",
            "double precision",
            "boolean",
            "varchar(65535)",
            "date",
            "timestamp",
            "timestamptz",
            "varbyte(64000)",
            "super");
    assertThat(mapped.rows().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"interval '1' day", "NULL", "array(interval '1' year)"})
  void typesThatRedshiftLacksAreRefusedByName(String literal) {
    Dataset<Row> rows = LocalSpark.session().sql("SELECT " + literal + " AS odd");
    PenstockException failure =
        catchThrowableOfType(PenstockException.class, () -> Mapping.apply(rows, Optional.empty()));
    assertThat(failure.problem()).contains("column odd");
  }

  @Test
  void anExpressionThatGivesAnotherValueEachTimeIsAskedOnce() {
    Dataset<Row> rows = LocalSpark.session().range(200).toDF();
    Mapped mapped =
        Mapping.apply(
            rows,
            Optional.of(
                new TemplateConfig(
                    List.of(
                        entry(
                            "x",
                            new Origin.Expression("if(rand() < 0.5, 'no', string(rand()))"),
                            "double")),
                    Unmapped.DROP,
                    BadValue.REJECT)));
    Dataset<Row> once = mapped.projected().persist();
    assertThat(mapped.rows().count() + mapped.rejects().orElseThrow().count()).isEqualTo(200);
    assertThat(mapped.rows().where("x IS NULL").count()).isZero();
    assertThat(mapped.rejects().orElseThrow().where("reason <> 'not a valid double'").count())
        .isZero();
    once.unpersist(true);
  }

  @Test
  void personalDataIsMaskedAndNullStaysNull() {
    Dataset<Row> rows =
        LocalSpark.session().sql("SELECT * FROM VALUES (1, 'a'), (NULL, 'b') AS t(id, name)");
    RedshiftType any = RedshiftType.of(RedshiftType.Kind.INTEGER);
    Dataset<Row> masked =
        Masking.mask(
            rows, List.of(new Column("id", any, true, true), new Column("name", any, true, false)));
    assertThat(masked.orderBy("name").collectAsList())
        .extracting(Row::toString)
        .containsExactly("[***,a]", "[null,b]");
  }
}
