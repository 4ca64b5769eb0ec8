package io.penstock.jobs.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.common.config.TemplateConfig;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Origin;
import io.penstock.common.config.TemplateConfig.Unmapped;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.testing.LocalSpark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every template type with the values at its edges, under every {@code on-bad-value}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypeMatrixIT {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final int COLUMNS_AT_ONCE = 45;

  /**
   * @param source a Spark SQL literal
   * @param expected the text of the result; {@code NULL}; or {@code !} and the reason
   */
  record Case(String type, String source, String expected) {
    boolean bad() {
      return expected.startsWith("!");
    }

    String reason() {
      return expected.substring(1);
    }
  }

  private static final String[][] MATRIX = {
    // type, source, expected
    {"smallint", "NULL", "NULL"},
    {"smallint", "32767", "32767"},
    {"smallint", "-32768", "-32768"},
    {"smallint", "32768", "!outside smallint"},
    {"smallint", "-32769L", "!outside smallint"},
    {"smallint", "7Y", "7"},
    {"smallint", "'32768'", "!outside smallint"},
    {"smallint", "''", "!not a valid smallint"},
    {"smallint", "'   '", "!not a valid smallint"},
    {"smallint", "' 12\\n'", "12"},
    {"smallint", "true", "1"},
    {"integer", "2147483647L", "2147483647"},
    {"integer", "2147483648L", "!outside integer"},
    {"integer", "-2147483649L", "!outside integer"},
    {"integer", "'-2147483648'", "-2147483648"},
    {"integer", "'1.0'", "1"},
    {"integer", "'1.5'", "!not a valid integer"},
    {"integer", "'1e3'", "1000"},
    {"integer", "'1e1000000000'", "!outside integer"},
    {"integer", "'1e-1000000000'", "!not a valid integer"},
    {"integer", "'\\u0661'", "!not a valid integer"},
    {"integer", "'+5'", "5"},
    {"integer", "'-'", "!not a valid integer"},
    {"integer", "3.0D", "3"},
    {"integer", "3.5D", "!not a valid integer"},
    {"integer", "double('NaN')", "!not a valid integer"},
    {"integer", "double('Infinity')", "!not a valid integer"},
    {"integer", "3.00BD", "3"},
    {"integer", "3.01BD", "!not a valid integer"},
    {"integer", "1e10D", "!outside integer"},
    {"bigint", "9223372036854775807L", "9223372036854775807"},
    {"bigint", "'9223372036854775807'", "9223372036854775807"},
    {"bigint", "'9223372036854775808'", "!outside bigint"},
    {"bigint", "'-9223372036854775808'", "-9223372036854775808"},
    {"bigint", "'-9223372036854775809'", "!outside bigint"},
    {"bigint", "'99999999999999999999999'", "!outside bigint"},
    {"bigint", "9223372036854775807D", "!outside bigint"},
    {"bigint", "-9223372036854775808D", "-9223372036854775808"},
    {"bigint", "9223372036854775808BD", "!outside bigint"},
    {"bigint", "float('-Infinity')", "!not a valid bigint"},
    {"bigint", "'x'", "!not a valid bigint"},
    {"decimal(12,2)", "NULL", "NULL"},
    {"decimal(12,2)", "9999999999.99BD", "9999999999.99"},
    {"decimal(12,2)", "10000000000.00BD", "!outside decimal(12,2)"},
    {"decimal(12,2)", "1.005BD", "!outside decimal(12,2)"},
    {"decimal(12,2)", "1.010BD", "1.01"},
    {"decimal(12,2)", "'1.005'", "!outside decimal(12,2)"},
    {"decimal(12,2)", "'1e2'", "100.00"},
    {"decimal(12,2)", "'1e1000000000'", "!outside decimal(12,2)"},
    {"decimal(12,2)", "'1e-1000000000'", "!outside decimal(12,2)"},
    {"decimal(12,2)", "'-0.00'", "0.00"},
    {"decimal(12,2)", "'1,5'", "!not a valid decimal(12,2)"},
    {"decimal(12,2)", "'NaN'", "!not a valid decimal(12,2)"},
    {"decimal(12,2)", "''", "!not a valid decimal(12,2)"},
    {"decimal(12,2)", "0.1D", "0.10"},
    {"decimal(12,2)", "float('0.1')", "0.10"},
    {"decimal(12,2)", "0.125D", "!outside decimal(12,2)"},
    {"decimal(12,2)", "double('NaN')", "!not a valid decimal(12,2)"},
    {"decimal(12,2)", "double('-Infinity')", "!not a valid decimal(12,2)"},
    {"decimal(12,2)", "9999999999L", "9999999999.00"},
    {"decimal(12,2)", "10000000000L", "!outside decimal(12,2)"},
    {
      "decimal(38,0)",
      "'99999999999999999999999999999999999999'",
      "99999999999999999999999999999999999999"
    },
    {"decimal(38,0)", "'100000000000000000000000000000000000000'", "!outside decimal(38,0)"},
    {
      "decimal(38,37)",
      "'9.9999999999999999999999999999999999999'",
      "9.9999999999999999999999999999999999999"
    },
    {"real", "3.4028234663852886E38D", "3.4028235E38"},
    {"real", "1e39D", "!outside real"},
    {"real", "'1e39'", "!outside real"},
    {"real", "0.1D", "0.1"},
    {"real", "double('Infinity')", "Infinity"},
    {"real", "double('NaN')", "NaN"},
    {"real", "'nan'", "NaN"},
    {"real", "'0x1p3'", "!not a valid real"},
    {"double", "'1e400'", "!outside double"},
    {"double", "' -inf '", "-Infinity"},
    {"double", "'NaN '", "NaN"},
    {"double", "'1d'", "!not a valid double"},
    {"double", "'1.7976931348623157E308'", "1.7976931348623157E308"},
    {"double", "1.5BD", "1.5"},
    {"double", "''", "!not a valid double"},
    {"boolean", "' Yes '", "true"},
    {"boolean", "'f'", "false"},
    {"boolean", "'0'", "false"},
    {"boolean", "'2'", "!not a valid boolean"},
    {"boolean", "2", "!not a valid boolean"},
    {"boolean", "1", "true"},
    {"boolean", "''", "!not a valid boolean"},
    {"char(3)", "'abc'", "abc"},
    {"char(3)", "'abc  '", "abc"},
    {"char(3)", "'a '", "a "},
    {"char(3)", "'abcd'", "!longer than 3 bytes"},
    {"char(3)", "'\\u00e9'", "!multibyte character in a char column"},
    {"varchar(4)", "''", ""},
    {"varchar(4)", "'    '", "    "},
    {"varchar(4)", "'\\u00e9\\u00e9'", "\u00e9\u00e9"},
    {"varchar(4)", "'\\u00e9\\u00e9a'", "!longer than 4 bytes"},
    {"varchar(4)", "'\\U0001F600'", "\uD83D\uDE00"},
    {"varchar(4)", "'a\\n\"b'", "a\n\"b"},
    {"varchar(4)", "12345", "!longer than 4 bytes"},
    {"varchar(4)", "X'FF'", "!not valid UTF-8"},
    {"varchar(4)", "X'C3A9'", "\u00e9"},
    {"varchar(max)", "repeat('x', 65536)", "!longer than 65535 bytes"},
    {"varchar(max)", "named_struct('a', 1, 'b', 'x')", "{\"a\":1,\"b\":\"x\"}"},
    {"varchar(80)", "1.50BD", "1.50"},
    {"varchar(80)", "timestamp'2026-03-29 01:30:00Z'", "2026-03-29 01:30:00"},
    {"date", "'2024-02-29'", "2024-02-29"},
    {"date", "'2023-02-29'", "!not a valid date"},
    {"date", "'1582-10-10'", "1582-10-10"},
    {"date", "'0001-01-01'", "0001-01-01"},
    {"date", "'9999-12-31'", "9999-12-31"},
    {"date", "' 2026-1-2 '", "2026-01-02"},
    {"date", "'2026'", "!not a valid date"},
    {"date", "'2026-01-02 10:00:00'", "!not a valid date"},
    {"date", "''", "!not a valid date"},
    {"date", "timestamp_ntz'2026-01-02 23:59:59'", "2026-01-02"},
    {"date", "timestamp'2026-01-02 23:59:59-05:00'", "2026-01-03"},
    {"timestamp", "'2026-01-02'", "2026-01-02 00:00:00"},
    {"timestamp", "'2026-01-02T03:04:05.123456Z'", "2026-01-02 03:04:05.123456"},
    {"timestamp", "'2026-01-02 03:04:05.1234567'", "2026-01-02 03:04:05.123456"},
    {"timestamp", "'2026-01-02 03:04:05+02:00'", "2026-01-02 01:04:05"},
    {"timestamp", "'2026-03-08 02:30:00'", "2026-03-08 02:30:00"},
    {"timestamp", "'12:30:00'", "!not a valid timestamp"},
    {"timestamp", "'2026-01'", "!not a valid timestamp"},
    {"timestamp", "'2026-01-02 24:00:00'", "!not a valid timestamp"},
    {"timestamp", "'2026-02-30 00:00:00'", "!not a valid timestamp"},
    {"timestamp", "timestamp'2026-01-02 00:00:00+01:00'", "2026-01-01 23:00:00"},
    {"timestamp", "date'1582-10-15'", "1582-10-15 00:00:00"},
    {"timestamp", "timestamp_ntz'1582-10-10 00:00:00'", "1582-10-10 00:00:00"},
    {"timestamp", "timestamp_ntz'9999-12-31 23:59:59.999999'", "9999-12-31 23:59:59.999999"},
    {"timestamptz", "'2026-03-08 02:30:00 America/New_York'", "2026-03-08 07:30:00"},
    {"timestamptz", "'2026-11-01 01:30:00 America/New_York'", "2026-11-01 05:30:00"},
    {"timestamptz", "'2026-01-02 00:00:00'", "2026-01-02 00:00:00"},
    {"timestamptz", "timestamp_ntz'0001-01-01 00:00:00'", "0001-01-01 00:00:00"},
    {"timestamptz", "'soon'", "!not a valid timestamptz"},
    {"super", "'{\"a\": [1, null]}'", "{\"a\": [1, null]}"},
    {"super", "'3'", "3"},
    {"super", "'{\"a\": }'", "!not valid JSON"},
    {"super", "'{} {}'", "!not valid JSON"},
    {"super", "'[1'", "!not valid JSON"},
    {"super", "''", "!not valid JSON"},
    {"super", "double('NaN')", "!not valid JSON"},
    {"super", "1.5BD", "1.5"},
    {"varbyte(2)", "X'0AFF'", "0AFF"},
    {"varbyte(2)", "X''", ""},
    {"varbyte(2)", "X'010203'", "!longer than 2 bytes"},
    {"varbyte(2)", "'ab'", "6162"},
    {"varbyte(2)", "'\\u20ac'", "!longer than 2 bytes"},
  };

  static List<List<Case>> chunks() {
    List<Case> cases = new ArrayList<>();
    for (String[] line : MATRIX) {
      cases.add(new Case(line[0], line[1], line[2]));
    }
    List<List<Case>> chunks = new ArrayList<>();
    for (int at = 0; at < cases.size(); at += COLUMNS_AT_ONCE) {
      chunks.add(cases.subList(at, Math.min(cases.size(), at + COLUMNS_AT_ONCE)));
    }
    return chunks;
  }

  static List<Case> oneBadValueOfEachType() {
    Map<String, Case> byType = new java.util.LinkedHashMap<>();
    chunks().stream()
        .flatMap(List::stream)
        .filter(Case::bad)
        .forEach(bad -> byType.putIfAbsent(bad.type(), bad));
    return List.copyOf(byType.values());
  }

  /** One row with a column per case, over an RDD, so that nothing is folded while planning. */
  private static Dataset<Row> rows(List<Case> cases) {
    List<String> columns = new ArrayList<>();
    for (int at = 0; at < cases.size(); at++) {
      columns.add(cases.get(at).source() + " AS c" + at);
    }
    Dataset<Row> literals = SPARK.sql("SELECT " + String.join(", ", columns));
    return SPARK.createDataFrame(literals.toJavaRDD(), literals.schema());
  }

  private static Mapped map(List<Case> cases, BadValue onBadValue) {
    List<Entry> entries = new ArrayList<>();
    for (int at = 0; at < cases.size(); at++) {
      RedshiftType type = RedshiftType.parse(cases.get(at).type()).orElseThrow();
      entries.add(new Entry("r" + at, new Origin.From("c" + at), Optional.of(type), false, true));
    }
    return Mapping.apply(
        rows(cases), Optional.of(new TemplateConfig(entries, Unmapped.DROP, onBadValue)));
  }

  private static Row texts(Mapped mapped) {
    List<org.apache.spark.sql.Column> texts = new ArrayList<>();
    for (var column : mapped.columns()) {
      org.apache.spark.sql.Column value = functions.col(column.name());
      texts.add(
          column.type().kind() == RedshiftType.Kind.VARBYTE
              ? functions.hex(value)
              : value.cast("string"));
    }
    return mapped.rows().select(texts.toArray(org.apache.spark.sql.Column[]::new)).head();
  }

  private static void check(Row row, int at, Case wanted) {
    String expected = wanted.bad() || "NULL".equals(wanted.expected()) ? null : wanted.expected();
    assertThat(row.getString(at)).as(wanted.toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void whatDoesNotFitBecomesNull(List<Case> cases) {
    Mapped mapped = map(cases, BadValue.NULL);
    for (int at = 0; at < cases.size(); at++) {
      RedshiftType type = mapped.columns().get(at).type();
      if (type.kind() != RedshiftType.Kind.SUPER) {
        assertThat(mapped.rows().schema().apply(at).dataType()).isEqualTo(SparkTypes.of(type));
      }
    }
    Row row = texts(mapped);
    for (int at = 0; at < cases.size(); at++) {
      check(row, at, cases.get(at));
    }
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void whatDoesNotFitIsRejectedWithItsReason(List<Case> cases) {
    Mapped mapped = map(cases, BadValue.REJECT);
    assertThat(mapped.rows().isEmpty()).isTrue();
    Row reject = mapped.rejects().orElseThrow().head();
    Map<String, String> reasons = new HashMap<>();
    for (Object error : reject.getList(reject.fieldIndex("errors"))) {
      reasons.put(((Row) error).getString(0), ((Row) error).getString(1));
    }
    for (int at = 0; at < cases.size(); at++) {
      Case wanted = cases.get(at);
      assertThat(reasons.get("r" + at))
          .as(wanted.toString())
          .isEqualTo(wanted.bad() ? wanted.reason() : null);
    }
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void whatFitsPassesUnderFail(List<Case> cases) {
    List<Case> good = cases.stream().filter(one -> !one.bad()).toList();
    Row row = texts(map(good, BadValue.FAIL));
    for (int at = 0; at < good.size(); at++) {
      check(row, at, good.get(at));
    }
  }

  @Test
  void oneBadValueOfEachTypeFailsTheRun() {
    assertThat(oneBadValueOfEachType()).hasSizeGreaterThan(13);
    for (Case bad : oneBadValueOfEachType()) {
      Throwable failure =
          catchThrowable(() -> map(List.of(bad), BadValue.FAIL).rows().collectAsList());
      while (failure != null && !(failure instanceof PenstockException)) {
        failure = failure.getCause();
      }
      assertThat(failure).as(bad.toString()).isNotNull();
      assertThat(((PenstockException) failure).reason()).isEqualTo(bad.reason());
    }
  }
}
