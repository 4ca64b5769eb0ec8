package io.penstock.jobs.read.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.plan.SqlStatement;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions that the server is asked for lose no row that Spark's own evaluation keeps. */
class SourceConditionsIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();

  private static SourceScene scene(Reader reader) {
    return new SourceScene(SANDBOX, "judged").reader(reader);
  }

  @BeforeAll
  static void fill() throws Exception {
    scene(Reader.JDBC)
        .execute(
            "CREATE TABLE public.judged (id INTEGER, price DECIMAL(9,2), name VARCHAR(20), code"
                + " CHAR(3), day DATE, at TIMESTAMP, seen TIMESTAMPTZ, ratio DOUBLE PRECISION,"
                + " clock TIME, doc SUPER, \"we\"\"ird\" BIGINT)",
            "INSERT INTO public.judged VALUES"
                + " (1, 1.50, 'a', 'ab', '2024-03-31', '2024-03-31 02:30:00.000001',"
                + " '2024-03-31 02:30:00.000001+02', 1.5, '10:00', JSON_PARSE('null'), 1),"
                + " (2, -0.01, 'it''s \\\\', 'x', '0001-01-01', '1582-10-04 00:00:00',"
                + " '1969-12-31 23:59:59.999999+00', 'NaN', '11:00', JSON_PARSE('{}'), NULL),"
                + " (3, 9999999.99, '', 'b', '9999-12-31', '9999-12-31 23:59:59.999999',"
                + " '2024-06-01 00:00:00+00', '-Infinity', NULL, NULL, -1),"
                + " (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          id > 1 | "id" > 1
          2 >= id | "id" <= 2
          id in (1, 3) | "id" IN (1, 3)
          id is null or id > 2 | ("id" IS NULL OR "id" > 2)
          not id = 2 | "id" IS NOT NULL
          price = -0.01 | "price" = CAST('-0.01' AS DECIMAL(9,2))
          price < 1.5 | "price" < CAST('1.50' AS DECIMAL(9,2))
          name = 'a' | "name" = 'a'
          name = '' | "name" = ''
          name = 'it\\'s \\\\' | "name" = 'it''s \\\\'
          name > 'a' | "name" IS NOT NULL
          name like 'a%' | "name" IS NOT NULL
          code = 'x' | "code" = 'x'
          code in ('ab', 'b') | "code" IN ('ab', 'b')
          day <= date'0001-01-01' | "day" <= CAST('0001-01-01' AS DATE)
          at > timestamp_ntz'1582-10-04 00:00:00' | "at" > CAST('1582-10-04 00:00:00.000000' AS TIMESTAMP)
          at >= timestamp_ntz'2024-03-31 02:30:00.000001' | "at" >= CAST('2024-03-31 02:30:00.000001' AS TIMESTAMP)
          seen <= timestamp'1969-12-31 23:59:59.999999Z' | "seen" <= CAST('1969-12-31 23:59:59.999999+00' AS TIMESTAMPTZ)
          seen > timestamp'2024-03-31 00:30:00Z' | "seen" > CAST('2024-03-31 00:30:00.000000+00' AS TIMESTAMPTZ)
          ratio >= 1.5D | "ratio" IS NOT NULL
          clock = '11:00:00' | "clock" IS NOT NULL
          doc is null | none
          doc is not null | "doc" IS NOT NULL
          we"ird < 0 | "we""ird" < 0
          """)
  void asksForNoFewerRowsThanSparkKeeps(String condition, String sql) {
    String written = condition.replace("we\"ird", "`we\"ird`");
    SourceScene scene = scene(Reader.JDBC);
    try (WarehouseReads reads = new WarehouseReads(scene.run())) {
      Dataset<Row> rows = reads.open("judged", scene.source(), LocalSpark.session());
      Dataset<Row> local =
          LocalSpark.session().createDataFrame(rows.collectAsList(), rows.schema());

      List<Row> found = rows.where(written).orderBy("id").collectAsList();

      assertThat(found).isEqualTo(local.where(written).orderBy("id").collectAsList());
      List<String> sent =
          reads.planned().getOrDefault("judged", List.of()).stream()
              .map(SqlStatement::redacted)
              .toList();
      if (sql.equals("none")) {
        assertThat(sent).noneMatch(statement -> statement.contains("WHERE"));
      } else {
        assertThat(sent.get(sent.size() - 1)).contains("WHERE ").contains(sql);
      }
    }
  }

  /** A join adds conditions to a read; what was unloaded before is taken all the same. */
  @Test
  void whatWasUnloadedIsReadAgainByNarrowerConditions() throws Exception {
    SourceScene scene = scene(Reader.UNLOAD).keep();
    try (WarehouseReads reads = new WarehouseReads(scene.run())) {
      Dataset<Row> rows =
          reads.open("judged", scene.source(), LocalSpark.session()).select("id", "name");

      assertThat(rows.where("id is null or id > 1").collectAsList()).hasSize(3);
      assertThat(rows.where("id is null or id > 1").where("name = ''").collectAsList()).hasSize(1);
      assertThat(scene.staged().stream().filter(key -> key.endsWith("/manifest"))).hasSize(1);
      assertThat(rows.where("name = ''").collectAsList()).hasSize(1);
      assertThat(scene.staged().stream().filter(key -> key.endsWith("/manifest"))).hasSize(2);
    }
  }
}
