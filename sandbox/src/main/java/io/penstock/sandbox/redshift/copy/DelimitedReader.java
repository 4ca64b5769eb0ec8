package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads CSV and delimited text: keeps one record at a time in memory, of at most 4 MB, as Redshift
 * does.
 */
final class DelimitedReader implements RowOrigin {
  static final int LONGEST_ROW = 4 << 20;
  private static final int FIRST_BUFFER = 1 << 18;

  private final InputStream in;
  private final RowLoader loader;
  private final Conversion conversion;
  private final RecordSplitter splitter;
  private final Field[] fields;

  private byte[] buffer = new byte[FIRST_BUFFER];
  private int limit;
  private int recordStart;
  private boolean ended;
  private long bufferOffset;
  private long line = 1;

  DelimitedReader(
      InputStream in, CopyFormat.Delimited format, Conversion conversion, RowLoader loader) {
    this.in = in;
    this.loader = loader;
    this.conversion = conversion;
    this.fields = loader.fields();
    this.splitter = new RecordSplitter(format, loader.columns().size());
  }

  void readAll() throws IOException, SqlError {
    skipHeader();
    while (true) {
      int end = split();
      if (end == RecordSplitter.NO_RECORD) {
        return;
      }
      deliver(end);
      line += splitter.lines();
      recordStart = end;
    }
  }

  /** Splits the next record, reading on until it is complete; returns where it ends. */
  private int split() throws IOException, SqlError {
    while (true) {
      if (recordStart == limit && ended) {
        return RecordSplitter.NO_RECORD;
      }
      int end = splitter.split(buffer, recordStart, limit, ended);
      if (end != RecordSplitter.INCOMPLETE) {
        return end;
      }
      if (limit - recordStart > LONGEST_ROW) {
        return oversized();
      }
      refill();
    }
  }

  /** Drops a record that is too long, up to the end of its line. */
  private int oversized() throws IOException, SqlError {
    splitter.fail(new RowFault(RowFault.LINE, "Input row exceeds the maximum size of 4 MB"));
    while (true) {
      for (int at = recordStart; at < limit; at++) {
        if (buffer[at] == '\n') {
          return at + 1;
        }
      }
      if (ended) {
        return limit;
      }
      bufferOffset += limit - LONGEST_ROW;
      recordStart = 0;
      limit = Math.min(limit, LONGEST_ROW);
      refill();
    }
  }

  private void deliver(int end) throws IOException, SqlError {
    RowFault fault = splitter.fault();
    if (fault != null) {
      loader.reject(fault, this);
      return;
    }
    if (splitter.isBlankLine() && conversion.ignoreBlankLines()) {
      return;
    }
    int columns = fields.length;
    int found = splitter.count();
    if (found > columns) {
      loader.reject(new RowFault(RowFault.COLUMNS_EXTRA, "Extra column(s) found"), this);
      return;
    }
    if (found < columns && !conversion.fillRecord()) {
      loader.reject(new RowFault(RowFault.DELIMITER, "Delimiter not found"), this);
      return;
    }
    for (int index = 0; index < columns; index++) {
      if (index < found) {
        splitter.field(index, buffer, fields[index]);
      } else {
        RowLoader.fill(fields[index], loader.columns().get(index));
      }
    }
    loader.load(fields, this);
  }

  private void skipHeader() throws IOException {
    for (int skipped = 0; skipped < conversion.headerLines(); skipped++) {
      int at = recordStart;
      while (true) {
        if (at == limit) {
          if (ended) {
            recordStart = limit;
            return;
          }
          int scanned = at - recordStart;
          refill();
          at = recordStart + scanned;
        } else if (buffer[at++] == '\n') {
          break;
        }
      }
      recordStart = at;
      line++;
    }
  }

  private void refill() throws IOException {
    if (recordStart > 0) {
      System.arraycopy(buffer, recordStart, buffer, 0, limit - recordStart);
      bufferOffset += recordStart;
      limit -= recordStart;
      recordStart = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.readNBytes(buffer, limit, buffer.length - limit);
    limit += count;
    ended = limit < buffer.length;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public long offset() {
    return bufferOffset + recordStart;
  }

  @Override
  public String raw() {
    int end = recordStart;
    while (end < limit && buffer[end] != '\n' && end - recordStart < 4096) {
      end++;
    }
    int trimmed = end > recordStart && buffer[end - 1] == '\r' ? end - 1 : end;
    return new String(buffer, recordStart, trimmed - recordStart, StandardCharsets.UTF_8);
  }
}
