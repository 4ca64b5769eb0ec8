package io.penstock.common.config;

import com.typesafe.config.ConfigValue;
import java.util.Optional;

/** Values of HOCON as texts. */
final class Values {
  private static final int SHOWN = 80;

  private Values() {}

  /** A text, number or boolean as it was written; empty for anything else. */
  static Optional<String> scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> Optional.of(value.atKey("value").getString("value"));
      default -> Optional.empty();
    };
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
