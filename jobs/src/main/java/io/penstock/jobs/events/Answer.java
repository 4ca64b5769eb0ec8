package io.penstock.jobs.events;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What became of a request.
 *
 * @param reason in a few words that hold nothing of what was sent or answered; empty where it was
 *     accepted
 * @param retryAfter how long the endpoint asks to be left alone
 */
record Answer(Meaning meaning, String reason, Optional<Duration> retryAfter) {

  enum Meaning {
    ACCEPTED,
    /** Something about these records is wrong; others may be accepted. */
    RECORDS_REFUSED,
    /** No record will be accepted: the address or the key is wrong. */
    ENDPOINT_REFUSED,
    /** The same request may be accepted later. */
    UNAVAILABLE
  }

  static Answer of(Meaning meaning, String reason) {
    return new Answer(meaning, reason, Optional.empty());
  }

  /**
   * The meaning of a status (RFC 9110, section 15).
   *
   * @param retryAfter the header of that name: seconds or a date (RFC 9110, section 10.2.3)
   */
  static Answer of(int status, Optional<String> retryAfter, Instant now) {
    Meaning meaning = meaning(status);
    return meaning == Meaning.ACCEPTED
        ? Answer.of(meaning, "")
        : new Answer(
            meaning,
            "the endpoint answered " + status,
            retryAfter.flatMap(text -> wait(text.strip(), now)));
  }

  private static Meaning meaning(int status) {
    if (status >= 200 && status < 300) {
      return Meaning.ACCEPTED;
    }
    return switch (status) {
      case 408, 425, 429 -> Meaning.UNAVAILABLE;
      case 401, 402, 403, 404, 405, 407, 410, 411, 415 -> Meaning.ENDPOINT_REFUSED;
      default ->
          status >= 500
              ? Meaning.UNAVAILABLE
              : status >= 400 ? Meaning.RECORDS_REFUSED : Meaning.ENDPOINT_REFUSED;
    };
  }

  private static Optional<Duration> wait(String text, Instant now) {
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(now, until);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
