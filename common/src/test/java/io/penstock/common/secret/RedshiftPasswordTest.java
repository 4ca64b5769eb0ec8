package io.penstock.common.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedshiftPasswordTest {
  @ParameterizedTest
  @ValueSource(strings = {"Abcdefg1", "!#$%&()*+,-.0Aa", "~}|{`_^][Z9z"})
  void obeys(String text) {
    assertThat(RedshiftPassword.problemOf(text)).isEmpty();
  }

  @Test
  void theLimits() {
    assertThat(RedshiftPassword.problemOf("Aa1" + "x".repeat(61))).isEmpty();
    assertThat(RedshiftPassword.problemOf("Aa1" + "x".repeat(62)))
        .contains("has 65 characters and not 8 to 64");
    assertThat(RedshiftPassword.problemOf("Aa1xxxx")).contains("has 7 characters and not 8 to 64");
  }

  @ParameterizedTest
  @CsvSource({
    "abcdefg1, has no upper-case letter",
    "ABCDEFG1, has no lower-case letter",
    "Abcdefgh, has no digit",
    "Äbcdefg1, holds a space",
    "'Abcdef g1', holds a space",
  })
  void whatIsMissingOrStrange(String text, String problem) {
    assertThat(RedshiftPassword.problemOf(text)).get().asString().startsWith(problem);
  }

  /** Every character from 0 to 300 within a password that is right otherwise. */
  @Test
  void everyCharacterIsAllowedOrNotAsTheGuideSays() {
    Set<Integer> allowed = new HashSet<>();
    IntStream.range(0, 300)
        .filter(c -> RedshiftPassword.problemOf("Abcdefg1" + (char) c).isEmpty())
        .forEach(allowed::add);
    Set<Integer> documented = new HashSet<>();
    IntStream.rangeClosed(33, 126).filter(c -> "'\"\\/@".indexOf(c) < 0).forEach(documented::add);
    assertThat(allowed).isEqualTo(documented);
  }

  @Test
  void generatedOnesObeyAndDiffer() {
    Set<String> seen = new HashSet<>();
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      String value = RedshiftPassword.generate(random).value();
      assertThat(RedshiftPassword.problemOf(value)).isEmpty();
      seen.add(value);
    }
    assertThat(seen).hasSize(20_000);
    assertThat(RedshiftPassword.generate(new SecureRandom()).value()).hasSize(32);
  }

  @Test
  void theDigestIsThatOfPasswordAndUser() {
    // echo -n Abcdefg1loader | md5sum
    assertThat(new RedshiftPassword("Abcdefg1").digestFor("loader"))
        .isEqualTo("md549a8fe012033d55fe19c0411a5425a3c");
  }

  @Test
  void neitherAProblemNorTheValueItselfShowsIt() {
    assertThat(new RedshiftPassword("Canary7f3a")).hasToString("***");
    assertThatThrownBy(() -> new RedshiftPassword("canary7f3a"))
        .hasMessageContaining("no upper-case letter")
        .message()
        .doesNotContain("canary");
  }
}
