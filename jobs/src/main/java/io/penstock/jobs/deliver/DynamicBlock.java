package io.penstock.jobs.deliver;

/**
 * Where a deflate block with Huffman codes of its own ends (RFC 1951, 3.2.7). It ends with the code
 * of the end-of-block symbol, and nothing but zeros up to the byte follows; so the last bit that is
 * set is the code's last, but for the zeros that the code ends with.
 */
final class DynamicBlock {
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int END_OF_BLOCK = 256;
  private static final int LONGEST_CODE = 15;

  private final byte[] bytes;
  private int at = 3;

  private DynamicBlock(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Bits of the only block of a stream; 0 where its end cannot be told. */
  static long bits(byte[] bytes, int length) {
    int code = new DynamicBlock(bytes).endOfBlock();
    if (code == 0) {
      return 0;
    }
    int last = length - 1;
    while (last > 0 && bytes[last] == 0) {
      last--;
    }
    int highest = 31 - Integer.numberOfLeadingZeros(bytes[last] & 0xFF);
    return last * 8L + highest + 1 + Integer.numberOfTrailingZeros(code);
  }

  private int read(int count) {
    int value = 0;
    for (int i = 0; i < count; i++, at++) {
      value |= (bytes[at >> 3] >> (at & 7) & 1) << i;
    }
    return value;
  }

  /** The code of the end-of-block symbol, its last bit lowest. */
  private int endOfBlock() {
    int literals = read(5) + 257;
    int distances = read(5) + 1;
    int codes = read(4) + 4;
    int[] lengthLengths = new int[ORDER.length];
    for (int i = 0; i < codes; i++) {
      lengthLengths[ORDER[i]] = read(3);
    }
    int[] lengths = lengths(lengthLengths, literals + distances);
    return codes(lengths, literals)[END_OF_BLOCK];
  }

  private int[] lengths(int[] lengthLengths, int count) {
    int[] codes = codes(lengthLengths, lengthLengths.length);
    int[] lengths = new int[count];
    int filled = 0;
    while (filled < count) {
      int symbol = symbol(codes, lengthLengths);
      int repeat = 1;
      int value = symbol;
      if (symbol == 16) {
        value = lengths[filled - 1];
        repeat = 3 + read(2);
      } else if (symbol == 17) {
        value = 0;
        repeat = 3 + read(3);
      } else if (symbol == 18) {
        value = 0;
        repeat = 11 + read(7);
      }
      for (int i = 0; i < repeat; i++) {
        lengths[filled++] = value;
      }
    }
    return lengths;
  }

  private int symbol(int[] codes, int[] lengths) {
    int code = 0;
    for (int length = 1; length <= LONGEST_CODE; length++) {
      code = code << 1 | read(1);
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] == length && codes[symbol] == code) {
          return symbol;
        }
      }
    }
    throw new IllegalStateException("not a block of deflate");
  }

  /** Codes in the order of their lengths, and of symbols within a length (RFC 1951, 3.2.2). */
  private static int[] codes(int[] lengths, int count) {
    int[] ofLength = new int[LONGEST_CODE + 1];
    for (int symbol = 0; symbol < count; symbol++) {
      ofLength[lengths[symbol]]++;
    }
    ofLength[0] = 0;
    int[] next = new int[LONGEST_CODE + 2];
    for (int length = 1; length <= LONGEST_CODE; length++) {
      next[length + 1] = (next[length] + ofLength[length]) << 1;
    }
    int[] codes = new int[count];
    for (int symbol = 0; symbol < count; symbol++) {
      if (lengths[symbol] > 0) {
        codes[symbol] = next[lengths[symbol]]++;
      }
    }
    return codes;
  }
}
