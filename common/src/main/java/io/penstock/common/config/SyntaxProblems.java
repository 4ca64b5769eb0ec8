package io.penstock.common.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import io.penstock.common.error.ErrorCode;
import java.util.List;
import java.util.Map;

/**
 * Says what is wrong with a text that is not HOCON. The library's own messages quote the text,
 * which may be a secret, so none of their words is passed on.
 */
final class SyntaxProblems {
  private static final String GENERAL =
      "check the quotes, braces and brackets on this line and the lines above it";

  private static final List<Map.Entry<String, List<String>>> KNOWN =
      List.of(
          Map.entry(
              "Cannot concatenate",
              List.of(
                  "a word or number is followed by a block or a list",
                  "give the block a type key instead: name { type = word, … }")),
          Map.entry(
              "not allow unescaped newline",
              List.of("a quoted text does not end on its line", "close the quote")),
          Map.entry(
              "string quote was still open",
              List.of("a quoted text does not end on its line", "close the quote")),
          Map.entry(
              "triple-quoted string was still open",
              List.of("a text in triple quotes does not end", "close it with three quotes")),
          Map.entry(
              "was not closed with a }",
              List.of("a substitution does not end", "close it: ${name}")),
          Map.entry(
              "unbalanced close brace",
              List.of("a } closes nothing", "remove it, or add the { that it closes")),
          Map.entry(
              "Reserved character",
              List.of(
                  "a value holds a character that must be quoted",
                  "put the value in double quotes")),
          Map.entry(
              "end of file",
              List.of("the file ends inside a block or list", "add the missing } or ]")));

  private SyntaxProblems() {}

  static void report(ConfigException e, String name, SourceTexts texts, ProblemList problems) {
    String message = String.valueOf(e.getMessage());
    List<String> sentences =
        KNOWN.stream()
            .filter(known -> message.contains(known.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(List.of("the text is not HOCON", GENERAL));
    ConfigOrigin origin = e.origin();
    problems.add(
        ErrorCode.CONFIG_SYNTAX,
        origin == null ? Place.file(name) : texts.of(origin),
        "",
        sentences.get(0),
        sentences.get(1));
  }
}
