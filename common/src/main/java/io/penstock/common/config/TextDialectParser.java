package io.penstock.common.config;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.text.TextDialect;
import io.penstock.common.text.TextDialect.LineEnding;
import io.penstock.common.text.TextDialect.QuoteMode;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the {@code text} block of a delimited format. */
final class TextDialectParser {
  private TextDialectParser() {}

  static TextDialect parse(Section section, char defaultDelimiter) {
    char delimiter = character(section, "delimiter").orElse(defaultDelimiter);
    Optional<Character> quote = character(section, "quote");
    if (quote.isEmpty() && !section.has("quote")) {
      section.invalid("quote", "is null", "to quote nothing, write quote-mode = none");
    }
    Optional<Character> escape = character(section, "escape");
    TextDialect dialect =
        new TextDialect(
            delimiter,
            section.flag("header"),
            quote.orElse('"'),
            escape.orElse(null),
            section.constant("quote-mode", QuoteMode.class, List.of()),
            section.constant("line-ending", LineEnding.class, List.of()),
            nullText(section, delimiter, quote.orElse('"')),
            pattern(section, "date-format", LocalDate.of(2026, 11, 1)),
            pattern(
                section,
                "timestamp-format",
                ZonedDateTime.of(2026, 11, 1, 0, 0, 0, 0, ZoneOffset.UTC)),
            charset(section),
            section.flag("byte-order-mark"),
            section.flag("guard-formulas"),
            section.flag("allow-unescaped"));
    checkCharacters(section, dialect);
    checkCharset(section, dialect);
    if (dialect.quoteMode() == QuoteMode.NONE
        && dialect.escape() == null
        && !dialect.allowUnescaped()) {
      section.problem(
          ErrorCode.CONFIG_UNESCAPED_TEXT,
          "quote-mode",
          "none without an escape character makes files that cannot be read back where a value"
              + " holds the delimiter or a line ending",
          "set escape = \"\\\\\", another quote-mode, or allow-unescaped = true");
    }
    section.finish();
    return dialect;
  }

  private static Optional<Character> character(Section section, String key) {
    Optional<String> text = section.text(key);
    if (text.isEmpty() || section.isUnresolved(key)) {
      return Optional.empty();
    }
    if (text.get().length() != 1 || Character.isSurrogate(text.get().charAt(0))) {
      section.invalid(
          key,
          Values.shown(text.get()) + " is not one character",
          "write one character between quotes; a tab is \"\\t\"");
      return Optional.of(key.equals("quote") ? '"' : ',').filter(c -> !key.equals("escape"));
    }
    return Optional.of(text.get().charAt(0));
  }

  private static String nullText(Section section, char delimiter, char quote) {
    String text = section.text("null").orElse("");
    if (text.indexOf(delimiter) >= 0
        || text.indexOf(quote) >= 0
        || text.indexOf('\n') >= 0
        || text.indexOf('\r') >= 0) {
      section.invalid(
          "null",
          "holds the delimiter, the quote or a line ending",
          "choose a text without them, such as \\\\N");
    }
    return text;
  }

  private static void checkCharacters(Section section, TextDialect dialect) {
    for (String key : List.of("delimiter", "quote", "escape")) {
      @Nullable Character c =
          switch (key) {
            case "delimiter" -> dialect.delimiter();
            case "quote" -> dialect.quote();
            default -> dialect.escape();
          };
      if (c != null && (c == '\n' || c == '\r' || c == '\0')) {
        section.conflict(key, "is a line ending or NUL", "choose a printable character or a tab");
      }
    }
    if (dialect.delimiter() == dialect.quote()) {
      section.conflict("delimiter", "is the quote character too", "choose another delimiter");
    }
    Character escape = dialect.escape();
    if (escape != null && escape == dialect.delimiter()) {
      section.conflict("escape", "is the delimiter too", "choose another escape, such as \"\\\\\"");
    }
    if (escape != null && escape == dialect.quote()) {
      section.conflict(
          "escape",
          "is the quote character too",
          "leave escape out: a quote within a quoted field is then doubled");
    }
  }

  /** What the dialect itself is made of must be in its charset. */
  private static void checkCharset(Section section, TextDialect dialect) {
    CharsetEncoder encoder = Charset.forName(dialect.charset()).newEncoder();
    Map<String, String> used = new LinkedHashMap<>();
    used.put("delimiter", String.valueOf(dialect.delimiter()));
    used.put("quote", String.valueOf(dialect.quote()));
    used.put("escape", dialect.escape() == null ? "" : dialect.escape().toString());
    used.put("null", dialect.nullText());
    used.forEach(
        (key, text) -> {
          if (!encoder.canEncode(text)) {
            section.conflict(
                key, "is not in the charset " + dialect.charset(), "write charset = UTF-8");
          }
        });
    if (dialect.byteOrderMark() && !dialect.charset().startsWith("UTF-")) {
      section.conflict(
          "byte-order-mark",
          "is for Unicode, and the charset is " + dialect.charset(),
          "remove it, or write charset = UTF-8");
    }
  }

  private static @Nullable String pattern(Section section, String key, TemporalAccessor sample) {
    Optional<String> text = section.text(key);
    if (text.isEmpty() || section.isUnresolved(key)) {
      return null;
    }
    try {
      String formatted = DateTimeFormatter.ofPattern(text.get(), Locale.ROOT).format(sample);
      if (!formatted.isBlank()) {
        return text.get();
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      // Reported below.
    }
    section.invalid(
        key,
        Values.shown(text.get()) + " is not a pattern for this kind of value",
        "write a pattern of java.time.format.DateTimeFormatter, such as "
            + (key.equals("date-format") ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss"));
    return null;
  }

  /** The canonical name; a charset that cannot write, or that shifts between states, is refused. */
  private static String charset(Section section) {
    String name = section.requiredText("charset", "write UTF-8");
    String remedy = "write UTF-8, ISO-8859-1, windows-1252, UTF-16LE or another charset of Java";
    if (name.matches("(?i)UTF-(16|32)")) {
      section.invalid(
          "charset",
          Values.shown(name) + " leaves the order of bytes open",
          "write " + name + "LE or " + name + "BE, and byte-order-mark = true for a mark");
      return "UTF-8";
    }
    try {
      if (name.isEmpty()) {
        return "UTF-8";
      }
      Charset charset = Charset.forName(name);
      if (charset.canEncode() && !charset.name().startsWith("ISO-2022")) {
        return charset.name();
      }
      section.invalid("charset", Values.shown(name) + " cannot be written", remedy);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      section.invalid("charset", Values.shown(name) + " is not a charset", remedy);
    }
    return "UTF-8";
  }
}
