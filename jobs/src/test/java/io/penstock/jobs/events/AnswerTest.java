package io.penstock.jobs.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.events.Answer.Meaning;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
  private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "200, ACCEPTED",
    "202, ACCEPTED",
    "204, ACCEPTED",
    "301, ENDPOINT_REFUSED",
    "308, ENDPOINT_REFUSED",
    "400, RECORDS_REFUSED",
    "409, RECORDS_REFUSED",
    "413, RECORDS_REFUSED",
    "422, RECORDS_REFUSED",
    "401, ENDPOINT_REFUSED",
    "402, ENDPOINT_REFUSED",
    "403, ENDPOINT_REFUSED",
    "404, ENDPOINT_REFUSED",
    "405, ENDPOINT_REFUSED",
    "410, ENDPOINT_REFUSED",
    "415, ENDPOINT_REFUSED",
    "408, UNAVAILABLE",
    "425, UNAVAILABLE",
    "429, UNAVAILABLE",
    "500, UNAVAILABLE",
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "599, UNAVAILABLE"
  })
  void aStatusHasAMeaning(int status, Meaning meaning) {
    Answer answer = Answer.of(status, Optional.empty(), NOW);

    assertThat(answer.meaning()).isEqualTo(meaning);
    assertThat(answer.reason())
        .isEqualTo(meaning == Meaning.ACCEPTED ? "" : "the endpoint answered " + status);
    assertThat(answer.retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "120, PT2M",
    "'Sun, 01 Nov 2026 10:00:30 GMT', PT30S",
    "'Sun, 01 Nov 2026 09:59:00 GMT', PT0S"
  })
  void retryAfterIsSecondsOrADate(String header, Duration wait) {
    assertThat(Answer.of(429, Optional.of(header), NOW).retryAfter()).contains(wait);
  }

  @Test
  void whatIsAcceptedAsksForNoPause() {
    assertThat(Answer.of(202, Optional.of("5"), NOW).retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"soon", "-1", "1.5", "'Sun, 01 Nov 2026'", "''"})
  void anythingElseIsNoTime(String header) {
    assertThat(Answer.of(503, Optional.of(header), NOW).retryAfter()).isEmpty();
  }

  @Test
  void idsAreUuidsThatFollowFromTheirText() {
    MessageIds ids = new MessageIds("run");

    String id = ids.of("a");

    assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(ids.of("a")).isEqualTo(id);
    assertThat(ids.of("b")).isNotEqualTo(id);
    assertThat(new MessageIds("other run").of("a")).isNotEqualTo(id);
    assertThat(ids.begin().add(new byte[] {1, 2}, 0, 1).add(new byte[] {1, 2}, 1, 2).end())
        .isNotEqualTo(ids.begin().add(new byte[] {1, 2}, 0, 2).end());
  }
}
