package io.penstock.sandbox.redshift.copy;

/** UTF-8 as RFC 3629 section 4 defines it, checked byte by byte. */
final class Utf8 {
  private Utf8() {}

  /**
   * The number of bytes of the multibyte character at {@code at}; negative if it is invalid: the
   * number of bytes that do not form a character.
   */
  static int size(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    int expected = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (expected == 0) {
      return -1;
    }
    for (int index = 1; index < expected; index++) {
      if (at + index >= end || (bytes[at + index] & 0xc0) != 0x80) {
        return -index;
      }
    }
    int second = bytes[at + 1] & 0xff;
    boolean overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    boolean surrogate = first == 0xed && second >= 0xa0;
    boolean beyond = first == 0xf4 && second >= 0x90;
    return overlong || surrogate || beyond ? -expected : expected;
  }

  /**
   * Amazon Redshift's number for what is wrong with a character. Source: Database Developer Guide,
   * "Multibyte character load errors".
   */
  static int errorNumber(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    if (first >= 0xf5 && first < 0xfe) {
      return 1;
    }
    if (first < 0xc2 || first >= 0xfe) {
      return 3;
    }
    int size = size(bytes, at, end);
    int expected = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    return -size < expected ? at - size >= end ? 2 : 4 : first == 0xed ? 6 : 5;
  }

  /** The last character boundary at or before {@code limit} in valid UTF-8. */
  static int boundary(byte[] bytes, int start, int limit) {
    int at = limit;
    while (at > start && (bytes[at] & 0xc0) == 0x80) {
      at--;
    }
    return at;
  }

  static String hex(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int at = from; at < to; at++) {
      text.append(at == from ? "" : " ").append(String.format("%02x", bytes[at] & 0xff));
    }
    return text.toString();
  }
}
