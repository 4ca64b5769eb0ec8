package io.penstock.common.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunContext;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
  private static final NameContext CONTEXT = context("run-7");

  private static NameContext context(String runId) {
    return new NameContext(
        new RunContext("profiles", runId, Instant.parse("2026-11-01T04:30:05Z"), Optional.empty()),
        Optional.of("spring"),
        Optional.of("a/b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "plain/name # plain/name",
        "{{now}} # 20261101T043005Z",
        "{{now|local:'America/New_York'}} # 20261101T003005-04",
        "{{ now | format:'yyyy/MM/dd' }} # 2026/11/01",
        "{{now|local:'America/New_York'|format:'yyyy-MM-dd HH'}} # 2026-11-01 00",
        "{{now|local:'America/Los_Angeles'|format:'yyyy-MM-dd'}} # 2026-10-31",
        "{{now|local:'America/New_York'|next_day|format:'yyyy-MM-dd HH'}} # 2026-11-02 00",
        "{{now|next_day|next_day|format:'dd'}} # 03",
        "{{now|format:'yyyyMMdd''T''HH'}} # 20261101T04",
        "{{job}}/{{run_id}}-{x} # profiles/run-7-{x}",
        "{{campaign_name}}_{{group_name}} # spring_a_b",
      })
  void renders(String pattern, String expected) {
    assertThat(NamePattern.parse(pattern).render(CONTEXT)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{{today}} # {{today}} is no variable",
        "{{now|previous_day}} # previous_day is no filter",
        "{{now|local:'Mars/Base'}} # 'Mars/Base' is not a time zone",
        "{{now|local}} # not a time zone",
        "{{now|next_day:'x'}} # takes no argument",
        "{{now|format:'qqqqqqq'}} # is not a date format",
        "{{now|format:''}} # is not a date format",
        "{{now|format:'yyyy'|next_day}} # format is not the last filter",
        "{{now|format:yyyy}} # not in single quotes",
        "{{now|format:'yyyy}} # does not end",
        "{{job|next_day}} # only now takes filters",
        "{{now # is not followed by",
        "{{}} # a name is missing at character 3",
        "a}}b # }} closes nothing",
        "{{file_number}}{{file_number}} # occurs more than once",
      })
  void refuses(String pattern, String problem) {
    assertThatThrownBy(() -> NamePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void splitsAFileNameAtItsNumber() {
    FileName name = NamePattern.parse("{{job}}_{{file_number}}.csv").toFileName(CONTEXT);

    assertThat(name.of(12)).isEqualTo("profiles_0000012.csv");
    assertThat(name.matches("profiles_12345678.csv")).isTrue();
    assertThat(name.matches("profiles_0000012.csv.gz")).isFalse();
    assertThat(NamePattern.parse("one.csv").toFileName(CONTEXT).of(1)).isEqualTo("one.csv");
  }

  @Test
  void rendersNoFileNumber() {
    assertThatThrownBy(() -> NamePattern.parse("{{file_number}}").render(CONTEXT))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({"..", "'..\u0007'", "''"})
  void refusesARunIdThatWouldClimb(String runId) {
    assertThatThrownBy(() -> NamePattern.parse("a/{{run_id}}/b").render(context(runId)))
        .isInstanceOf(PenstockException.class)
        .hasMessageContaining("DELIVERY_KEY_REFUSED");
  }

  @Test
  void refusesASlashInAFileNameAndAKeyThatIsTooLong() {
    assertThatThrownBy(
            () -> NamePattern.parse("{{now|format:'yyyy/MM'}}{{file_number}}").toFileName(CONTEXT))
        .hasMessageContaining("slash");
    assertThatThrownBy(() -> NamePattern.parse("é".repeat(513)).render(CONTEXT))
        .hasMessageContaining("1024 bytes");
  }

  @Test
  void everyTextIsAPatternThatRendersToItselfOrIsRefusedWithAReason() {
    Random random = new Random(20_261_101);
    String alphabet = "{}|:'_ /.anowjb\u00e9";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(14); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String source = text.toString();
      try {
        NamePattern pattern = NamePattern.parse(source);
        assertThat(pattern).hasToString(source);
        if (!source.contains("{{")) {
          assertThat(pattern.render(CONTEXT)).isEqualTo(source);
        }
      } catch (IllegalArgumentException | PenstockException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void renderedNamesNeverClimbNorHoldControlCharacters() {
    Random random = new Random(7);
    String alphabet = "./ab\u0000\n";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder runId = new StringBuilder();
      for (int length = random.nextInt(6); length > 0; length--) {
        runId.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        String name = NamePattern.parse("p/{{run_id}}/x").render(context(runId.toString()));
        assertThat(name.split("/")).hasSize(3).doesNotContain("..", ".", "");
        assertThat(name.codePoints()).noneMatch(Character::isISOControl);
      } catch (PenstockException e) {
        assertThat(e.code().name()).isEqualTo("DELIVERY_KEY_REFUSED");
      }
    }
  }
}
