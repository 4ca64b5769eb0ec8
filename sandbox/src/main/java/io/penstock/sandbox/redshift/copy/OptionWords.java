package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options a statement gave, each at most once, in any order. */
final class OptionWords {
  private final Map<String, String> given = new HashMap<>();

  void put(String name, String value) throws SqlError {
    if (given.put(name, value) != null) {
      throw new SqlError("42601", "conflicting or redundant options");
    }
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  Set<String> names() {
    return given.keySet();
  }

  @Nullable String text(String name) {
    return given.get(name);
  }

  String text(String name, String otherwise) {
    return given.getOrDefault(name, otherwise);
  }

  long number(String name, long otherwise, long most) throws SqlError {
    String text = given.get(name);
    if (text == null) {
      return otherwise;
    }
    long number = Long.parseLong(text);
    if (number < 0 || number > most) {
      throw new SqlError("22023", name + " must be between 0 and " + most);
    }
    return number;
  }

  Compression compression() throws SqlError {
    Compression found = Compression.NONE;
    for (Compression compression : Compression.values()) {
      if (has(compression.name())) {
        if (found != Compression.NONE) {
          throw new SqlError("42601", "conflicting or redundant options");
        }
        found = compression;
      }
    }
    return found;
  }

  /** One ASCII character, also written {@code \t}, {@code \\} or octal as {@code \001}. */
  byte character(String name, char otherwise) throws SqlError {
    String text = given.get(name);
    if (text == null) {
      return (byte) otherwise;
    }
    byte[] bytes = unescape(text);
    if (bytes.length != 1 || bytes[0] <= 0 || bytes[0] == '\n' || bytes[0] == '\r') {
      throw new SqlError(
          "22023",
          "COPY " + name.toLowerCase(java.util.Locale.ROOT) + " must be a single character");
    }
    return bytes[0];
  }

  /** UTF-8 of a string with {@code \t \n \r \\ \ddd}; any other backslash stands for itself. */
  static byte[] unescape(String text) {
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\' || at == text.length()) {
        plain.append(c);
        continue;
      }
      int octal = octalDigits(text, at);
      if (octal > 0) {
        plain.append((char) Integer.parseInt(text.substring(at, at + octal), 8));
        at += octal;
        continue;
      }
      char escaped = text.charAt(at++);
      switch (escaped) {
        case 't' -> plain.append('\t');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case '\\' -> plain.append('\\');
        default -> plain.append('\\').append(escaped);
      }
    }
    return plain.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static int octalDigits(String text, int from) {
    int count = 0;
    while (count < 3 && from + count < text.length()) {
      char c = text.charAt(from + count);
      if (c < '0' || c > '7') {
        break;
      }
      count++;
    }
    return count;
  }
}
