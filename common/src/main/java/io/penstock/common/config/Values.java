package io.penstock.common.config;

import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of HOCON as texts. */
final class Values {
  private static final int SHOWN = 80;
  private static final Pattern DURATION =
      Pattern.compile("\\s*(\\d{1,9})\\s*(s|seconds?|m|minutes?|h|hours?|d|days?)\\s*");

  private Values() {}

  /** A text, number or boolean as it was written; empty for anything else. */
  static Optional<String> scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> Optional.of(value.atKey("value").getString("value"));
      default -> Optional.empty();
    };
  }

  /** A length of time that is not negative; empty where the text is none. */
  static Optional<Duration> duration(String text) {
    Matcher form = DURATION.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(form.group(1));
    return Optional.of(
        switch (form.group(2).charAt(0)) {
          case 's' -> Duration.ofSeconds(number);
          case 'm' -> Duration.ofMinutes(number);
          case 'h' -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }

  /** What messages call a value, without showing it. */
  static String kind(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "a block";
      case LIST -> "a list";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case STRING -> "a text";
    };
  }

  /** A value as messages show it; never to be used for a secret. */
  static String shown(String value) {
    String shortened = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    return "\"" + shortened.replaceAll("\\p{Cntrl}", "?") + "\"";
  }
}
