package io.penstock.common.text;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How delimited text is written. Quote modes have the meanings of Apache Commons CSV's {@code
 * QuoteMode}.
 *
 * @param escape the escape character; null: a quote inside a quoted field is doubled
 * @param nullText what stands for NULL
 * @param dateFormat pattern of {@code java.time.format.DateTimeFormatter}; null: ISO 8601
 * @param timestampFormat likewise; null: {@code yyyy-MM-dd HH:mm:ss[.SSSSSS]}, with an offset where
 *     the column has a time zone
 * @param charset its IANA name
 */
public record TextDialect(
    char delimiter,
    boolean header,
    char quote,
    @Nullable Character escape,
    QuoteMode quoteMode,
    LineEnding lineEnding,
    String nullText,
    @Nullable String dateFormat,
    @Nullable String timestampFormat,
    String charset,
    boolean byteOrderMark,
    boolean guardFormulas,
    boolean allowUnescaped)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * What RFC 4180 describes but for its line endings: a header, and quotes where they are needed.
   */
  public static TextDialect csv() {
    return new TextDialect(
        ',',
        true,
        '"',
        null,
        QuoteMode.MINIMAL,
        LineEnding.LF,
        "",
        null,
        null,
        "UTF-8",
        false,
        false,
        false);
  }

  /**
   * One text on each line, as it is: for texts without control characters, such as JSON. What the
   * dialect has to have is among those.
   */
  public static TextDialect lines() {
    return new TextDialect(
        '\u0001',
        false,
        '\u0002',
        null,
        QuoteMode.NONE,
        LineEnding.LF,
        "",
        null,
        null,
        "UTF-8",
        false,
        false,
        true);
  }

  /** Which fields are quoted. */
  public enum QuoteMode {
    ALL,
    ALL_NON_NULL,
    MINIMAL,
    NON_NUMERIC,
    NONE
  }

  /** What ends a record. */
  public enum LineEnding {
    LF("\n"),
    CRLF("\r\n"),
    CR("\r");

    private final String text;

    LineEnding(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
