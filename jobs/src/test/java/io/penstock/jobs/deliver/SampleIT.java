package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.TemplateConfig;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Origin;
import io.penstock.common.config.TemplateConfig.Unmapped;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.map.Mapping;
import io.penstock.jobs.map.Masking;
import io.penstock.jobs.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Rows as previews show them. */
class SampleIT {
  private static final String QUERY =
      "SELECT * FROM VALUES"
          + " (1, 'ada@example.com', named_struct('city', 'London', 'tags', array('x')),"
          + "  '{\"a\":1.50}', 12.50BD, date'2026-11-20'),"
          + " (2, NULL, NULL, NULL, NULL, NULL)"
          + " AS t(id, email, address, extra, amount, day)";

  private static Entry entry(String name, Origin origin, String type, boolean pii) {
    return new Entry(
        name, origin, type.isEmpty() ? Optional.empty() : RedshiftType.parse(type), pii, true);
  }

  private static Mapped mapped() {
    List<Entry> entries =
        List.of(
            entry("id", new Origin.From("id"), "bigint", false),
            entry("email", new Origin.From("email"), "varchar(40)", true),
            entry("shout", new Origin.Expression("upper(email)"), "", true),
            entry("address", new Origin.From("address"), "super", true),
            entry("extra", new Origin.From("extra"), "super", false),
            entry("amount", new Origin.From("amount"), "decimal(6,2)", false),
            entry("day", new Origin.From("day"), "", false));
    return Mapping.apply(
        LocalSpark.session().sql(QUERY),
        Optional.of(new TemplateConfig(entries, Unmapped.DROP, BadValue.FAIL)));
  }

  private static List<String> json(Dataset<Row> rows) {
    return Sample.of(rows).stream().map(Sample::json).toList();
  }

  @Test
  void recordsAreThoseOfNdjsonFiles() {
    assertThat(json(mapped().rows()))
        .containsExactly(
            "{\"id\":1,\"email\":\"ada@example.com\",\"shout\":\"ADA@EXAMPLE.COM\","
                + "\"address\":{\"city\":\"London\",\"tags\":[\"x\"]},\"extra\":{\"a\":1.50},"
                + "\"amount\":12.50,\"day\":\"2026-11-20\"}",
            "{\"id\":2,\"email\":null,\"shout\":null,\"address\":null,\"extra\":null,"
                + "\"amount\":null,\"day\":null}");
  }

  @Test
  void maskingLeavesNothingOfDerivedAndNestedValues() {
    Mapped mapped = mapped();
    Dataset<Row> masked = Masking.mask(mapped.rows(), mapped.columns());

    assertThat(json(masked))
        .containsExactly(
            "{\"id\":1,\"email\":\"***\",\"shout\":\"***\",\"address\":\"***\","
                + "\"extra\":{\"a\":1.50},\"amount\":12.50,\"day\":\"2026-11-20\"}",
            "{\"id\":2,\"email\":null,\"shout\":null,\"address\":null,\"extra\":null,"
                + "\"amount\":null,\"day\":null}");
    assertThat(Sample.of(masked).get(0).cells())
        .containsExactly("1", "***", "***", "***", "{\"a\":1.50}", "12.50", "2026-11-20");
    assertThat(Sample.of(masked).get(1).cells())
        .isEqualTo(new ArrayList<>(List.of("2", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL")));
  }

  @Test
  void namesWithDotsAndQuotesAreColumnsToo() {
    assertThat(Sample.of(LocalSpark.session().sql("SELECT 1 AS `a.b`, 2 AS `c``d`")))
        .containsExactly(new Sample(List.of("1", "2"), "{\"a.b\":1,\"c`d\":2}"));
  }

  @Test
  void noRowsAreNoRecords() {
    assertThat(Sample.of(mapped().rows().limit(0))).isEmpty();
  }
}
