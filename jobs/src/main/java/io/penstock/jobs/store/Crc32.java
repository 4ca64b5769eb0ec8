package io.penstock.jobs.store;

/**
 * The CRC-32 of bytes that follow each other, from the CRC-32 of each run: the first is multiplied
 * by x to the power of the bits of the second, modulo the polynomial of RFC 1952, section 8.
 */
public final class Crc32 {
  private static final int POLYNOMIAL = 0xEDB88320;
  private static final int HIGHEST = 1 << 31;

  private Crc32() {}

  /**
   * @param count bytes of the second run
   */
  public static long combine(long first, long second, long count) {
    int shifted = multiply((int) first, power(count));
    return (shifted ^ (int) second) & 0xFFFFFFFFL;
  }

  /** The product of two polynomials, whose highest bit is that of x to the power of zero. */
  private static int multiply(int a, int b) {
    int product = 0;
    int times = b;
    for (int bit = HIGHEST; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= times;
      }
      times = (times & 1) != 0 ? times >>> 1 ^ POLYNOMIAL : times >>> 1;
    }
    return product;
  }

  /** x to the power of eight times a number. */
  private static int power(long bytes) {
    int power = HIGHEST;
    int square = HIGHEST >>> 8;
    for (long rest = bytes; rest > 0; rest >>= 1) {
      if ((rest & 1) != 0) {
        power = multiply(power, square);
      }
      square = multiply(square, square);
    }
    return power;
  }
}
