package io.penstock.jobs.deliver;

import org.apache.spark.unsafe.Platform;

/** Words of eight bytes at a time, wherever Spark keeps them. */
final class Utf8 {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private Utf8() {}

  static long pattern(byte b) {
    return ONES * (b & 0xFF);
  }

  /** Not zero where some byte of the word is that of the pattern. */
  static long hits(long word, long pattern) {
    long zero = word ^ pattern;
    return (zero - ONES) & ~zero & HIGH;
  }

  /** Not zero where some byte of the word is less than a space, or a quote or backslash. */
  static long jsonHits(long word, long quote, long backslash) {
    return ((word - ONES * 0x20) & ~word & HIGH) | hits(word, quote) | hits(word, backslash);
  }

  static boolean isAscii(long word) {
    return (word & HIGH) == 0;
  }

  /** Whether the bytes are well-formed (The Unicode Standard, table 3-7). */
  static boolean isValid(Object base, long offset, int count) {
    int at = 0;
    while (at < count) {
      if (count - at >= 8 && isAscii(Platform.getLong(base, offset + at))) {
        at += 8;
        continue;
      }
      int length = sequence(base, offset + at, count - at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** Bytes of the character that begins here; 0 where none does. */
  private static int sequence(Object base, long offset, int left) {
    int first = Platform.getByte(base, offset) & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    int length = first >= 0xC2 && first <= 0xDF ? 2 : first >> 4 == 0xE ? 3 : first <= 0xF4 ? 4 : 0;
    if (first < 0xC2 || length == 0 || length > left) {
      return 0;
    }
    int second = Platform.getByte(base, offset + 1) & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((Platform.getByte(base, offset + i) & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
