package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionPathTest {
  private static final List<PartitionPath.Column> COLUMNS =
      List.of(
          new PartitionPath.Column("team", 0, DataTypes.StringType),
          new PartitionPath.Column("day", 1, DataTypes.DateType));

  private static Place place(@Nullable String team, @Nullable Integer day, boolean grouped) {
    Object text = team == null ? null : UTF8String.fromString(team);
    return new PartitionPath(COLUMNS, grouped).of(new GenericInternalRow(new Object[] {text, day}));
  }

  @Test
  void aGroupIsANameAndNotADirectory() {
    assertThat(place("a b", 0, true)).isEqualTo(new Place("a b", "day=1970-01-01/"));
    assertThat(place("a b", 0, false)).isEqualTo(new Place("", "team=a b/day=1970-01-01/"));
  }

  /** A group may be a whole segment of a key. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "..;%2E%2E",
        ".;%2E",
        "...;...",
        ".a;.a",
        "../up;..%2Fup",
        "50%;50%25",
        "a=b:c;a%3Db%3Ac",
        "'';__HIVE_DEFAULT_PARTITION__",
        ";__HIVE_DEFAULT_PARTITION__"
      })
  void noGroupClimbs(@Nullable String group, String name) {
    assertThat(place(group, null, true))
        .isEqualTo(new Place(name, "day=__HIVE_DEFAULT_PARTITION__/"));
  }
}
