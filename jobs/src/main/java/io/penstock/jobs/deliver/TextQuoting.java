package io.penstock.jobs.deliver;

import io.penstock.common.text.TextDialect;
import io.penstock.common.text.TextDialect.QuoteMode;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Puts one field of delimited text, with the meanings of Apache Commons CSV's {@code
 * CSVFormat.printWithQuotes} and {@code printWithEscapes}. Works on UTF-8, where a character never
 * occurs inside the bytes of another, so that delimiters may be any character.
 */
final class TextQuoting {
  private static final int COMMENT = '#';
  private static final byte[] FORMULA_STARTS = {'=', '+', '-', '@', '\t', '\r'};

  private final QuoteMode mode;
  private final byte[] delimiter;
  private final byte[] quote;
  private final byte @Nullable [] escape;

  /** What precedes a quote within quotes. */
  private final byte[] quoteEscape;

  private final long quotes;
  private final long quoteEscapes;
  private final byte[] nullText;

  /** Null where the charset has every character. */
  private final @Nullable CharsetEncoder encoder;

  private final boolean guardFormulas;

  /** First bytes of everything that may need quoting or escaping. */
  private final long pattern0;

  private final long pattern1;
  private final long pattern2;
  private final long pattern3;
  private final long pattern4;

  private final boolean[] special = new boolean[256];

  TextQuoting(TextDialect dialect) {
    this.mode = dialect.quoteMode();
    this.delimiter = utf8(dialect.delimiter());
    this.quote = utf8(dialect.quote());
    this.escape = dialect.escape() == null ? null : utf8(dialect.escape());
    this.quoteEscape = escape == null ? quote : escape;
    this.quotes = Utf8.pattern(quote[0]);
    this.quoteEscapes = Utf8.pattern(quoteEscape[0]);
    this.nullText = dialect.nullText().getBytes(StandardCharsets.UTF_8);
    Charset charset = Charset.forName(dialect.charset());
    this.encoder = charset.name().startsWith("UTF-") ? null : charset.newEncoder();
    this.guardFormulas = dialect.guardFormulas();
    special['\n'] = true;
    special['\r'] = true;
    special[delimiter[0] & 0xFF] = true;
    special[quoteEscape[0] & 0xFF] = true;
    if (mode != QuoteMode.NONE) {
      special[quote[0] & 0xFF] = true;
    }
    long[] patterns = patterns(special);
    this.pattern0 = patterns[0];
    this.pattern1 = patterns[1];
    this.pattern2 = patterns[2];
    this.pattern3 = patterns[3];
    this.pattern4 = patterns[4];
  }

  private static byte[] utf8(char c) {
    return String.valueOf(c).getBytes(StandardCharsets.UTF_8);
  }

  private static long[] patterns(boolean[] special) {
    long[] patterns = new long[5];
    int count = 0;
    for (int b = 0; b < special.length; b++) {
      if (special[b]) {
        patterns[count++] = Utf8.pattern((byte) b);
      }
    }
    while (count < patterns.length) {
      patterns[count++] = Utf8.pattern((byte) '\n');
    }
    return patterns;
  }

  void putDelimiter(ByteSink sink) {
    if (delimiter.length == 1) {
      sink.put(delimiter[0]);
    } else {
      sink.put(delimiter);
    }
  }

  void putNull(ByteSink sink) {
    if (mode == QuoteMode.ALL) {
      sink.put(quote);
      sink.put(nullText);
      sink.put(quote);
    } else {
      sink.put(nullText);
    }
  }

  /** Whether a value that is not text is put in quotes whatever its characters are. */
  boolean quotes(boolean numeric) {
    return mode == QuoteMode.ALL
        || mode == QuoteMode.ALL_NON_NULL
        || (mode == QuoteMode.NON_NUMERIC && !numeric);
  }

  void putQuote(ByteSink sink) {
    sink.put(quote);
  }

  /** Whether numbers, dates and the like can hold none of the dialect's own characters. */
  boolean sparesPlainText() {
    return isSpared(delimiter) && isSpared(quote) && (escape == null || isSpared(escape));
  }

  private static boolean isSpared(byte[] character) {
    int c = character[0];
    return c < 0
        || !(Character.isLetterOrDigit(c)
            || c == '+'
            || c == '-'
            || c == '.'
            || c == ':'
            || c == ' ');
  }

  /** Refuses what was written since {@code start} if a reader would take it for NULL. */
  void refuseNullText(ByteSink sink, int start, String column) {
    if (readsAsNull(sink.buffer, start, sink.position - start)) {
      throw TextErrors.looksLikeNull(column);
    }
  }

  /** As {@link #refuseNullText}, for what stands in quotes: only where NULL does so too. */
  void refuseQuotedNull(ByteSink sink, int start, String column) {
    if (mode == QuoteMode.ALL) {
      refuseNullText(sink, start, column);
    }
  }

  private boolean readsAsNull(byte[] bytes, int from, int count) {
    return nullText.length > 0
        && count == nullText.length
        && Arrays.equals(bytes, from, from + count, nullText, 0, count);
  }

  void putText(ByteSink sink, UTF8String text, boolean firstOfRecord, String column) {
    Object base = text.getBaseObject();
    long offset = text.getBaseOffset();
    int count = text.numBytes();
    if (mode == QuoteMode.MINIMAL && !guardFormulas) {
      int start = sink.position;
      if (!needsQuotes(base, offset, count, firstOfRecord)
          && copyIfPlain(sink, base, offset, count, column)
          && !readsAsNull(sink.buffer, start, count)) {
        return;
      }
      sink.position = start;
    }
    if (guardFormulas && count > 0 && startsFormula(Platform.getByte(base, offset))) {
      byte[] guarded = new byte[count + 1];
      guarded[0] = '\'';
      Platform.copyMemory(base, offset, guarded, Platform.BYTE_ARRAY_OFFSET + 1, count);
      put(sink, guarded, Platform.BYTE_ARRAY_OFFSET, count + 1, firstOfRecord, false, column);
      return;
    }
    put(sink, base, offset, count, firstOfRecord, false, column);
  }

  private static boolean startsFormula(byte first) {
    for (byte start : FORMULA_STARTS) {
      if (first == start) {
        return true;
      }
    }
    return false;
  }

  /** Puts a field whose bytes may be anything. */
  void put(
      ByteSink sink,
      Object base,
      long offset,
      int count,
      boolean firstOfRecord,
      boolean numeric,
      String column) {
    int start = sink.position;
    boolean quoted = quotes(numeric);
    if (quoted) {
      sink.put(quote);
    }
    boolean plain = copyIfPlain(sink, base, offset, count, column);
    boolean minimal = mode == QuoteMode.MINIMAL && needsQuotes(base, offset, count, firstOfRecord);
    if (plain && !minimal) {
      if (quoted) {
        sink.put(quote);
      }
      endField(sink, start, quoted, column);
      return;
    }
    sink.position = start;
    if (quoted || minimal || (mode == QuoteMode.MINIMAL && hasSpecial(base, offset, count))) {
      putQuoted(sink, base, offset, count);
      quoted = true;
    } else if (mode == QuoteMode.NONE) {
      putEscaped(sink, base, offset, count, column);
    } else {
      sink.put(base, offset, count);
    }
    endField(sink, start, quoted, column);
  }

  /** Where NULL and a value come out alike, text takes quotes and everything else is refused. */
  private void endField(ByteSink sink, int start, boolean quoted, String column) {
    if (mode == QuoteMode.ALL) {
      int inside = sink.position - start - 2 * quote.length;
      if (readsAsNull(sink.buffer, start + quote.length, inside)) {
        throw TextErrors.looksLikeNull(column);
      }
    } else if (!quoted && readsAsNull(sink.buffer, start, sink.position - start)) {
      if (mode != QuoteMode.MINIMAL) {
        throw TextErrors.looksLikeNull(column);
      }
      sink.position = start;
      sink.put(quote);
      sink.put(nullText);
      sink.put(quote);
    }
  }

  /**
   * What Commons CSV quotes for the field's ends: an empty first field, low first and last bytes.
   */
  private static boolean needsQuotes(Object base, long offset, int count, boolean firstOfRecord) {
    if (count == 0) {
      return firstOfRecord;
    }
    int first = Platform.getByte(base, offset);
    int last = Platform.getByte(base, offset + count - 1);
    return (first >= 0 && first <= COMMENT) || (last >= 0 && last <= ' ');
  }

  /** Copies the bytes unless one of them may be special; the position then says nothing. */
  private boolean copyIfPlain(ByteSink sink, Object base, long offset, int count, String column) {
    sink.reserve(count);
    byte[] buffer = sink.buffer;
    long to = (long) Platform.BYTE_ARRAY_OFFSET + sink.position;
    long seen = 0;
    long special = 0;
    if (count >= Long.BYTES) {
      int last = count - Long.BYTES;
      for (int at = 0; at < last && special == 0; at += Long.BYTES) {
        long word = Platform.getLong(base, offset + at);
        special = hits(word);
        seen |= word;
        Platform.putLong(buffer, to + at, word);
      }
      // the last word overlaps the one before it, so that no byte is left over
      long word = Platform.getLong(base, offset + last);
      special |= hits(word);
      seen |= word;
      Platform.putLong(buffer, to + last, word);
    } else {
      for (int at = 0; at < count; at++) {
        byte b = Platform.getByte(base, offset + at);
        special |= this.special[b & 0xFF] ? 1 : 0;
        seen |= b;
        buffer[sink.position + at] = b;
      }
    }
    if (special != 0 || !Utf8.isAscii(seen)) {
      check(base, offset, count, column);
    }
    sink.position += count;
    return special == 0;
  }

  private long hits(long word) {
    return Utf8.hits(word, pattern0)
        | Utf8.hits(word, pattern1)
        | Utf8.hits(word, pattern2)
        | Utf8.hits(word, pattern3)
        | Utf8.hits(word, pattern4);
  }

  private void check(Object base, long offset, int count, String column) {
    if (!Utf8.isValid(base, offset, count)) {
      throw TextErrors.notUtf8(column);
    }
    CharsetEncoder narrow = encoder;
    if (narrow != null
        && !narrow.canEncode(UTF8String.fromAddress(base, offset, count).toString())) {
      throw TextErrors.unencodable(column, narrow.charset().name());
    }
  }

  private boolean hasSpecial(Object base, long offset, int count) {
    for (int at = 0; at < count; at++) {
      byte b = Platform.getByte(base, offset + at);
      if (special[b & 0xFF]
          && (isLineEnd(b)
              || isAt(quote, base, offset, at, count)
              || isAt(quoteEscape, base, offset, at, count)
              || isAt(delimiter, base, offset, at, count))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  private static boolean isAt(byte[] character, Object base, long offset, int at, int count) {
    if (count - at < character.length) {
      return false;
    }
    for (int i = 0; i < character.length; i++) {
      if (Platform.getByte(base, offset + at + i) != character[i]) {
        return false;
      }
    }
    return true;
  }

  private void putQuoted(ByteSink sink, Object base, long offset, int count) {
    sink.put(quote);
    int at = 0;
    sink.reserve(count + Long.BYTES);
    for (; at + Long.BYTES <= count; at += Long.BYTES) {
      long word = Platform.getLong(base, offset + at);
      if ((Utf8.hits(word, quotes) | Utf8.hits(word, quoteEscapes)) != 0) {
        break;
      }
      Platform.putLong(sink.buffer, (long) Platform.BYTE_ARRAY_OFFSET + sink.position, word);
      sink.position += Long.BYTES;
    }
    for (; at < count; at++) {
      byte b = Platform.getByte(base, offset + at);
      if (special[b & 0xFF]
          && (isAt(quote, base, offset, at, count) || isAt(quoteEscape, base, offset, at, count))) {
        sink.put(quoteEscape);
      }
      sink.put(b);
    }
    sink.put(quote);
  }

  private void putEscaped(ByteSink sink, Object base, long offset, int count, String column) {
    byte[] mark = escape;
    for (int at = 0; at < count; at++) {
      byte b = Platform.getByte(base, offset + at);
      boolean marked =
          isLineEnd(b)
              || isAt(delimiter, base, offset, at, count)
              || (mark != null && isAt(mark, base, offset, at, count));
      if (marked) {
        if (mark == null) {
          throw TextErrors.needsEscape(column);
        }
        sink.put(mark);
      }
      sink.put(b == '\n' ? (byte) 'n' : b == '\r' ? (byte) 'r' : b);
    }
  }
}
