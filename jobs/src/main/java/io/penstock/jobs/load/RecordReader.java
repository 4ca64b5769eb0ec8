package io.penstock.jobs.load;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The records of a staged text file, with the lines that each takes; one in memory at a time. */
final class RecordReader {
  private static final int BUFFER = 1 << 16;
  private static final int FIRST_RECORD = 1 << 12;

  private final InputStream in;
  private final boolean quoted;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int limit;
  private byte[] record = new byte[FIRST_RECORD];
  private int length;
  private long firstLine;
  private long lastLine;

  /**
   * @param quoted whether a line may end between quotes, and the record go on
   */
  RecordReader(InputStream in, boolean quoted) {
    this.in = in;
    this.quoted = quoted;
  }

  /** Reads the next record; false at the end of the file. */
  boolean next() throws IOException {
    firstLine = lastLine + 1;
    lastLine = firstLine;
    length = 0;
    boolean within = false;
    while (at < limit || fill()) {
      byte b = buffer[at++];
      if (b == '\n') {
        if (!within) {
          return true;
        }
        lastLine++;
      } else if (b == '"' && quoted) {
        within = !within;
      }
      if (length == record.length) {
        record = Arrays.copyOf(record, length * 2);
      }
      record[length++] = b;
    }
    return length > 0;
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  /** From 1. */
  long firstLine() {
    return firstLine;
  }

  long lastLine() {
    return lastLine;
  }

  /** Without the line feed at its end. */
  byte[] bytes() {
    return Arrays.copyOf(record, length);
  }
}
