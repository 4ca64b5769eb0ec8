package io.penstock.sandbox.redshift.copy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of one record in a buffer. A field that needs no unescaping stays where it is;
 * the others are copied into a scratch buffer.
 */
final class RecordSplitter {
  static final int INCOMPLETE = -1;
  static final int NO_RECORD = -2;

  private final boolean csv;
  private final byte delimiter;
  private final byte quote;
  private final boolean escape;
  private final boolean removeQuotes;
  private final int columns;

  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private boolean[] copied = new boolean[64];
  private byte[] scratch = new byte[1024];
  private int scratchLength;
  private int count;
  private int lines;
  private boolean blank;
  private @Nullable RowFault fault;

  RecordSplitter(CopyFormat.Delimited format, int columns) {
    this.csv = format.csv();
    this.delimiter = format.delimiter();
    this.quote = format.quote();
    this.escape = format.escape();
    this.removeQuotes = format.removeQuotes();
    this.columns = columns;
  }

  int count() {
    return count;
  }

  /** Newlines the record takes, those in its fields included. */
  int lines() {
    return lines;
  }

  boolean isBlankLine() {
    return blank;
  }

  @Nullable RowFault fault() {
    return fault;
  }

  void fail(RowFault reason) {
    fault = reason;
    lines = 1;
  }

  void field(int index, byte[] buffer, Field field) {
    field.set(copied[index] ? scratch : buffer, starts[index], ends[index]);
  }

  /**
   * Splits the record at {@code start}.
   *
   * @return where the next record begins, or {@link #INCOMPLETE} if the buffer ends before the
   *     record does and {@code last} is not set
   */
  int split(byte[] buffer, int start, int limit, boolean last) {
    count = 0;
    lines = 0;
    scratchLength = 0;
    fault = null;
    int at = start;
    int end;
    while (true) {
      if (csv) {
        end = isQuoted(buffer, at, limit) ? quoted(buffer, at, limit) : plain(buffer, at, limit);
      } else if (escape || (removeQuotes && at < limit && isQuote(buffer[at]))) {
        end = escaped(buffer, at, limit);
      } else {
        end = plain(buffer, at, limit);
      }
      if (end == INCOMPLETE || (end == limit && !last)) {
        if (!last) {
          return INCOMPLETE;
        }
        fault = new RowFault(RowFault.LINE, "Delimited value missing end quote");
        lines++;
        return limit;
      }
      if (fault != null) {
        return skipLine(buffer, end, limit, last);
      }
      if (end == limit || buffer[end] == '\n') {
        return endOfRecord(buffer, start, end, limit);
      }
      at = end + 1;
    }
  }

  private int endOfRecord(byte[] buffer, int start, int end, int limit) {
    lines++;
    int index = count - 1;
    if (!copied[index] && ends[index] == end && end > starts[index] && buffer[end - 1] == '\r') {
      ends[index]--;
    }
    blank = count == 1 && starts[0] == ends[0] && !copied[0];
    // a delimiter may end the last field of a line
    if (!csv && count == columns + 1 && starts[index] == ends[index]) {
      count--;
    }
    return end == limit ? limit : end + 1;
  }

  private int skipLine(byte[] buffer, int from, int limit, boolean last) {
    for (int at = from; at < limit; at++) {
      if (buffer[at] == '\n') {
        lines++;
        return at + 1;
      }
    }
    lines++;
    return last ? limit : INCOMPLETE;
  }

  private void add(int start, int end, boolean inScratch) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      copied = Arrays.copyOf(copied, count * 2);
    }
    starts[count] = start;
    ends[count] = end;
    copied[count] = inScratch;
    count++;
  }

  /** A field without quotes; returns the delimiter or newline after it, or the limit. */
  private int plain(byte[] buffer, int start, int limit) {
    byte separator = delimiter;
    int at = start;
    while (at < limit) {
      byte b = buffer[at];
      if (b == separator || b == '\n') {
        break;
      }
      if (csv && b == quote) {
        fault = new RowFault(RowFault.LINE, "Invalid quote formatting for CSV", at - start);
        return at;
      }
      at++;
    }
    add(start, at, false);
    return at;
  }

  /** Whether a CSV field begins with a quote, perhaps after blanks. */
  private boolean isQuoted(byte[] buffer, int start, int limit) {
    int at = skipBlanks(buffer, start, limit);
    return at < limit && buffer[at] == quote;
  }

  private int skipBlanks(byte[] buffer, int start, int limit) {
    int at = start;
    while (at < limit && (buffer[at] == ' ' || buffer[at] == '\t') && buffer[at] != delimiter) {
      at++;
    }
    return at;
  }

  private int quoted(byte[] buffer, int start, int limit) {
    int from = skipBlanks(buffer, start, limit) + 1;
    int segment = from;
    int scratchStart = -1;
    int at = from;
    while (at < limit) {
      byte b = buffer[at];
      if (b == '\n') {
        lines++;
      }
      if (b != quote) {
        at++;
        continue;
      }
      if (at + 1 < limit && buffer[at + 1] == quote) {
        if (scratchStart < 0) {
          scratchStart = scratchLength;
        }
        copy(buffer, segment, at + 1);
        at += 2;
        segment = at;
        continue;
      }
      if (scratchStart < 0) {
        add(from, at, false);
      } else {
        copy(buffer, segment, at);
        add(scratchStart, scratchLength, true);
      }
      return afterQuote(buffer, at + 1, limit);
    }
    return INCOMPLETE;
  }

  private int afterQuote(byte[] buffer, int start, int limit) {
    int at = skipBlanks(buffer, start, limit);
    if (at + 1 < limit && buffer[at] == '\r' && buffer[at + 1] == '\n') {
      at++;
    }
    if (at < limit && buffer[at] != delimiter && buffer[at] != '\n') {
      if (buffer[at] == '\r' && at + 1 == limit) {
        return limit;
      }
      fault = new RowFault(RowFault.LINE, "Invalid quote formatting for CSV", at - start);
    }
    return at;
  }

  private boolean isQuote(byte b) {
    return b == '"' || b == '\'';
  }

  /** A field of delimited text with ESCAPE, REMOVEQUOTES or both. */
  private int escaped(byte[] buffer, int start, int limit) {
    boolean enclosed = removeQuotes && start < limit && isQuote(buffer[start]);
    byte closing = enclosed ? buffer[start] : 0;
    int at = enclosed ? start + 1 : start;
    int segment = at;
    int scratchStart = scratchLength;
    while (at < limit) {
      byte b = buffer[at];
      if (escape && b == '\\') {
        if (at + 1 >= limit) {
          return INCOMPLETE;
        }
        // \N is the default null string and stays as it is
        copy(buffer, segment, buffer[at + 1] == 'N' ? at + 1 : at);
        lines += buffer[at + 1] == '\n' ? 1 : 0;
        segment = at + 1;
        at += 2;
      } else if (enclosed && b == closing) {
        copy(buffer, segment, at);
        add(scratchStart, scratchLength, true);
        return afterQuote(buffer, at + 1, limit);
      } else if (!enclosed && (b == delimiter || b == '\n')) {
        break;
      } else {
        lines += b == '\n' ? 1 : 0;
        at++;
      }
    }
    if (enclosed) {
      return INCOMPLETE;
    }
    int end =
        at < limit && buffer[at] == '\n' && at > segment && buffer[at - 1] == '\r' ? at - 1 : at;
    copy(buffer, segment, end);
    add(scratchStart, scratchLength, true);
    return at;
  }

  private void copy(byte[] buffer, int from, int to) {
    int length = to - from;
    if (scratchLength + length > scratch.length) {
      scratch = Arrays.copyOf(scratch, Math.max(scratch.length * 2, scratchLength + length));
    }
    System.arraycopy(buffer, from, scratch, scratchLength, length);
    scratchLength += length;
  }
}
