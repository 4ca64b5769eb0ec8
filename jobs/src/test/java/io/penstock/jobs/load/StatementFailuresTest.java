package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatementFailuresTest {
  private static final String CANARY = "jane@example.com";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "22P02; ERROR: invalid input syntax for type integer: \"jane@example.com\"",
        "22001; ERROR: value too long: jane@example.com",
        "23505; ERROR: Key (email)=(jane@example.com) already exists",
        "XX000; ERROR: Invalid digit, Value 'jane@example.com', Pos 0, Type: Integer",
        "42601; ERROR: syntax error at or near \"jane@example.com\""
      })
  void neverRepeatsAValue(String state, String message) {
    SQLException failure = new SQLException(message, state, new IllegalStateException(message));

    assertThat(StatementFailures.describe(failure)).contains(state).doesNotContain(CANARY);
    assertThat((Throwable) LoadFailures.of("w", "INSERT", failure)).hasMessageNotContaining(CANARY);
    assertThat((Throwable) StatementFailures.withoutValues(failure))
        .hasMessageNotContaining(CANARY)
        .hasNoCause();
  }

  @Test
  void leavesOutANumberThatFollowsTheWordValue() {
    assertThat(
            StatementFailures.describe(
                new SQLException("ERROR: Overflow, Value: 4111111111111111", "XX000")))
        .doesNotContain("4111");
  }

  @Test
  void repeatsTheNameOfAnObject() {
    assertThat(
            StatementFailures.describe(
                new SQLException("ERROR: permission denied for schema \"x\"", "42501")))
        .isEqualTo("the server says: ERROR: permission denied for schema \"x\" (SQLSTATE 42501)");
  }

  @Test
  void knowsError1023ByItsText() {
    SQLException redshift =
        new SQLException(
            "ERROR: 1023\n  Detail: Serializable isolation violation on table - 1", "XX000");

    assertThat(StatementFailures.isSerialization(redshift)).isTrue();
    assertThat(StatementFailures.isSerialization(new SQLException("no", "40P01"))).isFalse();
  }
}
