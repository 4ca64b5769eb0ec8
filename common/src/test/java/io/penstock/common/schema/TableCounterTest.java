package io.penstock.common.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableCounterTest {
  private static final TableName BASE = new TableName("public", "Profiles");

  private static String next(List<String> made, List<String> taken) {
    return TableCounter.next(BASE, made, taken).toString();
  }

  @Test
  void countsFromOne() {
    assertThat(next(List.of(), List.of())).isEqualTo("public.Profiles_1");
    assertThat(next(List.of("Profiles_1"), List.of("profiles_1"))).isEqualTo("public.Profiles_2");
    assertThat(next(List.of("profiles_9", "PROFILES_10"), List.of()))
        .isEqualTo("public.Profiles_11");
  }

  @Test
  void stepsOverTablesThatNoRunMade() {
    assertThat(
            next(List.of("profiles_1"), List.of("profiles_1", "profiles_2", "profiles_20261101")))
        .isEqualTo("public.Profiles_3");
  }

  @Test
  void takesNoOtherNameForANumber() {
    assertThat(
            next(
                List.of(
                    "profiles_old",
                    "profiles_007",
                    "profiles_",
                    "profiles_1_2",
                    "other_5",
                    "profiles"),
                List.of()))
        .isEqualTo("public.Profiles_1");
  }

  @Test
  void leavesRoomForTheNumber() {
    assertThat(TableCounter.problemOf(new TableName("public", "é".repeat(58)))).isEmpty();
    assertThat(TableCounter.problemOf(new TableName("public", "é".repeat(58) + "x")))
        .hasValueSatisfying(problem -> assertThat(problem).contains("117 bytes"));
    assertThat(
            Identifiers.problemOf(
                TableCounter.next(
                        new TableName("public", "x".repeat(116)),
                        List.of("x".repeat(116) + "_9999999998"),
                        List.of())
                    .name()))
        .isEmpty();
  }
}
