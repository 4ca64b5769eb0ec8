package io.penstock.sandbox.redshift.copy;

import java.nio.charset.StandardCharsets;

/** The bytes of one value, in UTF-8; reused from row to row. */
final class Field {
  private static final byte[] NOTHING = {};

  byte[] bytes = NOTHING;
  int start;
  int end;
  boolean isNull = true;

  void set(byte[] source, int from, int to) {
    bytes = source;
    start = from;
    end = to;
    isNull = false;
  }

  void set(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    set(encoded, 0, encoded.length);
  }

  void setNull() {
    set(NOTHING, 0, 0);
    isNull = true;
  }

  int length() {
    return end - start;
  }

  boolean contentEquals(byte[] other) {
    return java.util.Arrays.equals(bytes, start, end, other, 0, other.length);
  }

  String text() {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /** Drops blanks at both ends, as every type but text does. */
  void strip() {
    while (start < end && isBlank(bytes[start])) {
      start++;
    }
    stripTrailing();
  }

  void stripTrailing() {
    while (start < end && isBlank(bytes[end - 1])) {
      end--;
    }
  }

  boolean isBlank() {
    for (int at = start; at < end; at++) {
      if (!isBlank(bytes[at])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
