package io.penstock.sandbox.redshift.copy;

import java.util.Arrays;

/** Rows in the text format of PostgreSQL's COPY; a row that turns out bad is taken back. */
final class RowBuffer {
  private byte[] bytes = new byte[1 << 18];
  private int length;
  private int rowStart;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void beginRow() {
    rowStart = length;
  }

  void rollbackRow() {
    length = rowStart;
  }

  void clear() {
    length = 0;
    rowStart = 0;
  }

  void append(int b) {
    reserve(1);
    bytes[length++] = (byte) b;
  }

  void append(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  void appendAscii(String text) {
    reserve(text.length());
    for (int at = 0; at < text.length(); at++) {
      bytes[length++] = (byte) text.charAt(at);
    }
  }

  void appendNull() {
    append('\\');
    append('N');
  }

  /** Appends a value whose bytes may be special to COPY. */
  void appendEscaped(byte[] source, int from, int to) {
    reserve(2 * (to - from));
    byte[] target = bytes;
    int at = length;
    for (int index = from; index < to; index++) {
      byte b = source[index];
      if (b > '\\' || (b >= ' ' && b < '\\') || b < 0) {
        target[at++] = b;
      } else {
        switch (b) {
          case '\\' -> {
            target[at++] = '\\';
            target[at++] = '\\';
          }
          case '\n' -> {
            target[at++] = '\\';
            target[at++] = 'n';
          }
          case '\r' -> {
            target[at++] = '\\';
            target[at++] = 'r';
          }
          case '\t' -> {
            target[at++] = '\\';
            target[at++] = 't';
          }
          default -> target[at++] = b;
        }
      }
    }
    length = at;
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
