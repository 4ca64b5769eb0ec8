package io.penstock.common.schema;

import java.util.List;
import java.util.Random;

/** Texts made of what breaks SQL that is put together carelessly. */
final class RandomTexts {
  private static final List<String> PIECES =
      List.of(
          "\"",
          "\"\"",
          "'",
          "''",
          "\\",
          "\\'",
          ";",
          "--",
          "/*",
          "*/",
          "$$",
          "$1",
          "?",
          ":x",
          "{d}",
          "%s",
          "\u2028",
          "\uFF02",
          "\u02BC",
          "é",
          "Ä",
          "日本",
          "\uD83D\uDE00",
          "a",
          "B",
          "_9",
          " ",
          ".",
          "select",
          "ctid",
          "); DROP TABLE canary; --",
          "\"; DROP TABLE canary; --");

  private static final List<String> NO_IDENTIFIER = List.of("\n", "\0", "\u007F", "\uD800");

  private RandomTexts() {}

  static String next(Random random, int longest) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(longest);
    while (text.length() < length) {
      text.append(
          random.nextInt(3) == 0
              ? PIECES.get(random.nextInt(PIECES.size()))
              : Character.toString('a' + random.nextInt(26)));
    }
    if (random.nextInt(8) == 0) {
      text.insert(
          random.nextInt(text.length() + 1),
          NO_IDENTIFIER.get(random.nextInt(NO_IDENTIFIER.size())));
    }
    return text.toString();
  }
}
