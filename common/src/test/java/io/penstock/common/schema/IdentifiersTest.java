package io.penstock.common.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
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
  void refusesColumnsThatAreOneToRedshift() {
    assertThat(Identifiers.problemOfColumns(List.of("id", "Name", "naMe")))
        .contains("the names of columns \"Name\" and \"naMe\" are one to Redshift");
    assertThat(Identifiers.problemOfColumns(List.of("Ä", "ä"))).isEmpty();
    assertThat(Identifiers.problemOfColumns(List.of("id", "CTID")))
        .contains("the name of column \"CTID\" is the name of a system column of Redshift");
    assertThat(Identifiers.problemOf("\uD800x")).isPresent();
  }

  /** Each of 10,000 names is refused, or is one token of a statement that means this name. */
  @Test
  void letsNoNameEscapeItsQuotes() {
    Random random = new Random(20_261_121);
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      String name = RandomTexts.next(random, 140);
      if (Identifiers.problemOf(name).isPresent()) {
        refused++;
        assertThatThrownBy(() -> Identifiers.quote(name))
            .isInstanceOf(IllegalArgumentException.class);
      } else {
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isBetween(1, 127);
        assertThat(unquoted(Identifiers.quote(name), '"', false)).isEqualTo(Identifiers.fold(name));
      }
    }
    assertThat(refused).isBetween(500, 5_000);
  }

  @Test
  void letsNoTextEscapeItsLiteral() {
    Random random = new Random(11);
    for (int i = 0; i < 10_000; i++) {
      String text = RandomTexts.next(random, 60);
      if (text.indexOf('\0') >= 0) {
        assertThatThrownBy(() -> Identifiers.literal(text))
            .isInstanceOf(IllegalArgumentException.class);
      } else {
        assertThat(unquoted(Identifiers.literal(text), '\'', true)).isEqualTo(text);
      }
    }
  }

  /** What a lexer of SQL reads; fails where the token ends before the text does. */
  private static String unquoted(String sql, char quote, boolean escapes) {
    StringBuilder text = new StringBuilder();
    assertThat(sql.charAt(0)).isEqualTo(quote);
    int at = 1;
    while (true) {
      char c = sql.charAt(at);
      if (escapes && c == '\\') {
        at++;
        text.append(sql.charAt(at));
      } else if (c != quote) {
        text.append(c);
      } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
        at++;
        text.append(c);
      } else {
        assertThat(at).isEqualTo(sql.length() - 1);
        return text.toString();
      }
      at++;
    }
  }

  @Test
  void escapesLiterals() {
    assertThat(Identifiers.literal("a'b\\c")).isEqualTo("'a''b\\\\c'");
    assertThatThrownBy(() -> Identifiers.literal("a\0"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
