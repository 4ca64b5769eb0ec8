package io.penstock.common.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
  @Test
  void quotesAndFolds() {
    assertThat(Identifiers.quote("Order\"s")).isEqualTo("\"order\"\"s\"");
    assertThat(Identifiers.quote("ÄB")).isEqualTo("\"Äb\"");
    assertThat(Identifiers.quote(new TableName("Public", "T 1"))).isEqualTo("\"public\".\"t 1\"");
    assertThat(Identifiers.quoteAll(List.of("a", "b"))).isEqualTo("\"a\", \"b\"");
  }

  @Test
  void refusesWhatRedshiftRefuses() {
    assertThat(Identifiers.problemOf("x".repeat(127))).isEmpty();
    assertThat(Identifiers.problemOf("é".repeat(64)))
        .hasValueSatisfying(problem -> assertThat(problem).contains("128 bytes"));
    assertThat(Identifiers.problemOf("")).contains("is empty");
    assertThat(Identifiers.problemOf("a\nb")).isPresent();
    assertThat(Identifiers.problemOfColumn("XMIN")).isPresent();
    assertThat(Identifiers.problemOf("xmin")).isEmpty();
    assertThatThrownBy(() -> Identifiers.quote("x".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void escapesLiterals() {
    assertThat(Identifiers.literal("a'b\\c")).isEqualTo("'a''b\\\\c'");
    assertThatThrownBy(() -> Identifiers.literal("a\0"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
