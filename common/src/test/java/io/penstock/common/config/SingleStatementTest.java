package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SingleStatementTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM t WHERE a = ';'",
        "SELECT 'it''s; fine', \"a;b\" -- ; here\n FROM t",
        "SELECT 'a\\'; b' /* ; /* ; */ */",
        "CREATE FUNCTION f() RETURNS int AS $$ a; b $$ LANGUAGE plpythonu",
        "ANALYZE ended"
      })
  void takesOneStatement(String sql) {
    assertThat(SingleStatement.problemOf(sql)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  -- nothing",
        "DELETE FROM a; DELETE FROM b",
        "DELETE FROM a;",
        "/* a */ Commit",
        "TRUNCATE t",
        "SELECT 'open",
        "SELECT \"open",
        "SELECT /* open /* */",
        "SELECT $$ open",
        "SELECT 'a''';"
      })
  void refusesEverythingElse(String sql) {
    assertThat(SingleStatement.problemOf(sql)).isPresent();
  }
}
