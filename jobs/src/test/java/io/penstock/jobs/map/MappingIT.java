package io.penstock.jobs.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.TemplateConfig;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Origin;
import io.penstock.common.config.TemplateConfig.Unmapped;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.testing.LocalSpark;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

/** What a template makes of a query: names, types, bad values, and the plan. */
class MappingIT {
  private static Dataset<Row> query(String sql) {
    return LocalSpark.session().sql(sql);
  }

  private static Entry from(String name, String column, String type) {
    return entry(name, new Origin.From(column), type, true);
  }

  private static Entry entry(String name, Origin origin, String type, boolean nullable) {
    Optional<RedshiftType> parsed =
        type.isEmpty() ? Optional.empty() : Optional.of(RedshiftType.parse(type).orElseThrow());
    return new Entry(name, origin, parsed, false, nullable);
  }

  private static Mapped map(Dataset<Row> rows, BadValue onBadValue, Entry... entries) {
    return map(rows, Unmapped.DROP, onBadValue, entries);
  }

  private static Mapped map(
      Dataset<Row> rows, Unmapped unmapped, BadValue onBadValue, Entry... entries) {
    return Mapping.apply(
        rows, Optional.of(new TemplateConfig(Arrays.asList(entries), unmapped, onBadValue)));
  }

  @Test
  void mapsNamesTypesExpressionsAndConstants() {
    Dataset<Row> rows =
        query("SELECT 1 AS id, 'Ada' AS first, 'Lovelace' AS `Last.Name`, 2 AS gone");
    Mapped mapped =
        map(
            rows,
            BadValue.FAIL,
            from("key", "ID", "bigint"),
            from("last", "Last.Name", "varchar(20)"),
            entry("full", new Origin.Expression("concat_ws(' ', first, `Last.Name`)"), "", true),
            entry("channel", new Origin.Value("email"), "", false),
            entry("price", new Origin.Value(" 12.50 "), "decimal(12,2)", true));

    assertThat(mapped.rows().collectAsList())
        .extracting(Row::toString)
        .containsExactly("[1,Lovelace,Ada Lovelace,email,12.50]");
    assertThat(mapped.columns())
        .extracting(column -> column.name() + " " + column.type())
        .containsExactly(
            "key bigint",
            "last varchar(20)",
            "full varchar(65535)",
            "channel varchar(65535)",
            "price decimal(12,2)");
    assertThat(mapped.rejects()).isEmpty();
  }

  @Test
  void rejectsCarryKeyFirstReasonAllErrorsAndTheRow() {
    Dataset<Row> rows =
        query(
            "SELECT * FROM VALUES ('1', 'a', 1), ('x', 'toolong', 2), ('3', NULL, 3) AS t(id, name, n)");
    Mapped mapped =
        map(
            rows,
            BadValue.REJECT,
            from("id", "id", "bigint"),
            entry("name", new Origin.From("name"), "varchar(3)", false));

    assertThat(mapped.rows().collectAsList()).extracting(Row::toString).containsExactly("[1,a]");
    assertThat(mapped.rows().schema().apply("name").nullable()).isFalse();
    List<Row> rejects = mapped.rejects().orElseThrow().orderBy("row").collectAsList();
    assertThat(rejects).hasSize(2);
    Row byNull = rejects.get(0);
    assertThat(byNull.<String>getAs("column")).isEqualTo("name");
    assertThat(byNull.<String>getAs("reason")).isEqualTo("NULL in a column with nullable = false");
    assertThat(byNull.<String>getAs("row")).isEqualTo("{\"id\":\"3\",\"name\":null,\"n\":3}");
    Row byBoth = rejects.get(1);
    assertThat(byBoth.<String>getAs("column")).isEqualTo("id");
    assertThat(byBoth.<String>getAs("reason")).isEqualTo("not a valid bigint");
    assertThat(byBoth.getList(byBoth.fieldIndex("errors")))
        .extracting(Object::toString)
        .containsExactly("[id,not a valid bigint]", "[name,longer than 3 bytes]");
    assertThat(byBoth.<String>getAs("row_key")).matches("[0-9a-f]{64}");
  }

  @Test
  void failureNamesColumnAndReasonAndNoValue() {
    Mapped mapped =
        map(
            query("SELECT * FROM VALUES ('1'), ('secret-42') AS t(id)"),
            BadValue.FAIL,
            from("key", "id", "integer"));
    assertThatThrownBy(() -> mapped.rows().collectAsList())
        .satisfies(
            failure -> {
              PenstockException own = ownCause(failure);
              assertThat(own.code()).isEqualTo(ErrorCode.SOURCE_BAD_VALUE);
              assertThat(own.getMessage())
                  .contains("column key", "not a valid integer")
                  .doesNotContain("secret-42");
            });
  }

  private static PenstockException ownCause(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof PenstockException)) {
      cause = cause.getCause();
      assertThat(cause).isNotNull();
    }
    return (PenstockException) cause;
  }

  @Test
  void nullInAColumnThatPromisesValuesFailsAlsoUnderNull() {
    Entry entry = entry("name", new Origin.From("name"), "varchar(3)", false);
    for (BadValue onBadValue : List.of(BadValue.FAIL, BadValue.NULL)) {
      Mapped ofNull =
          map(query("SELECT * FROM VALUES (NULL), ('a') AS t(name)"), onBadValue, entry);
      assertThatThrownBy(() -> ofNull.rows().collectAsList())
          .satisfies(
              failure ->
                  assertThat(ownCause(failure).reason())
                      .isEqualTo("NULL in a column with nullable = false"));
      assertThat(ofNull.rows().schema().apply("name").nullable()).isFalse();
    }
    Mapped tooLong = map(query("SELECT 'abcd' AS name"), BadValue.NULL, entry);
    assertThatThrownBy(() -> tooLong.rows().collectAsList())
        .satisfies(
            failure -> assertThat(ownCause(failure).reason()).isEqualTo("longer than 3 bytes"));
  }

  @Test
  void theProjectionConvertsEachValueOnceAndTheFilterConvertsNone() {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(3)
            .selectExpr("cast(id AS string) AS a", "cast(id AS string) AS b", "id AS c");
    Mapped mapped =
        map(
            LocalSpark.session().createDataFrame(rows.toJavaRDD(), rows.schema()),
            BadValue.REJECT,
            from("a", "a", "bigint"),
            entry("b", new Origin.From("b"), "decimal(5,2)", false),
            from("c", "c", "smallint"));

    SparkPlan plan = mapped.rows().queryExecution().executedPlan();
    String filters = nodes(plan, FilterExec.class);
    assertThat(filters).contains("__penstock_rejects").doesNotContain("invoke");
    assertThat(plan.toString()).doesNotContain("UDF");
    assertThat(nodes(plan, ProjectExec.class)).contains("integralOfText");
    assertThat(plan.toString().split("Project ", -1)).hasSize(3); // the mapping, and the names
    String code = generatedCode(plan);
    for (String method :
        List.of("Numbers.integralOfText(", "Numbers.decimalOfText(", "Numbers.integralOfLong(")) {
      assertThat(code.split(java.util.regex.Pattern.quote(method), -1)).as(method).hasSize(2);
    }
    assertThat(mapped.rows().count()).isEqualTo(3);
  }

  @Test
  void failAndNullAreOneProjection() {
    Dataset<Row> source =
        LocalSpark.session()
            .createDataFrame(
                query("SELECT '1' AS a, '2' AS b").toJavaRDD(),
                query("SELECT '1' AS a, '2' AS b").schema());
    for (BadValue onBadValue : List.of(BadValue.FAIL, BadValue.NULL)) {
      SparkPlan plan =
          map(
                  source,
                  onBadValue,
                  from("a", "a", "bigint"),
                  entry("b", new Origin.Expression("concat(a, b)"), "date", true))
              .rows()
              .queryExecution()
              .executedPlan();
      assertThat(plan.toString().split("Project ", -1)).hasSize(2);
      assertThat(plan.toString()).doesNotContain("Filter", "UDF");
      String code = generatedCode(plan);
      assertThat(code.split("Times.dateOfText\\(", -1)).hasSize(2);
    }
  }

  private static String nodes(SparkPlan plan, Class<?> type) {
    StringBuilder text = new StringBuilder();
    JavaConverters.seqAsJavaList(plan.collect(new OfType(type)))
        .forEach(node -> text.append(node.simpleString(1000)).append('\n'));
    return text.toString();
  }

  private static final class OfType
      extends scala.runtime.AbstractPartialFunction<SparkPlan, SparkPlan> {
    private final Class<?> type;

    OfType(Class<?> type) {
      this.type = type;
    }

    @Override
    public boolean isDefinedAt(SparkPlan plan) {
      return type.isInstance(plan);
    }

    @Override
    public <A1 extends SparkPlan, B1> B1 applyOrElse(A1 plan, scala.Function1<A1, B1> otherwise) {
      @SuppressWarnings("unchecked")
      B1 same = (B1) plan;
      return type.isInstance(plan) ? same : otherwise.apply(plan);
    }
  }

  private static String generatedCode(SparkPlan plan) {
    StringBuilder code = new StringBuilder();
    JavaConverters.seqAsJavaList(plan.collect(new OfType(WholeStageCodegenExec.class)))
        .forEach(stage -> code.append(((WholeStageCodegenExec) stage).doCodeGen()._2().body()));
    assertThat(code).isNotEmpty();
    return code.toString();
  }
}
