package io.penstock.jobs.deliver;

import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.types.Decimal;

/** Scalars as text, straight into a buffer. Public for generated code. */
public final class PlainText {
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
  private static final byte[] DIGIT_PAIRS = digitPairs();

  /** The four digits of every number below 10,000, the first in the lowest byte. */
  private static final int[] DIGIT_QUADS = digitQuads();

  private static final int QUAD = 10_000;
  private static final long TWO_QUADS = (long) QUAD * QUAD;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] UTC = "+00:00".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] LEAST_LONG =
      Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.ISO_8859_1);
  private static final long[] POWERS = powers();
  private static final double LARGEST_PLAIN = 1e7;
  private static final double SMALLEST_PLAIN = 1e-3;

  private PlainText() {}

  private static byte[] digitPairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  private static int[] digitQuads() {
    int[] quads = new int[10_000];
    for (int i = 0; i < quads.length; i++) {
      quads[i] =
          ('0' + i / 1000)
              | ('0' + i / 100 % 10) << 8
              | ('0' + i / 10 % 10) << 16
              | ('0' + i % 10) << 24;
    }
    return quads;
  }

  private static long[] powers() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  public static void putBoolean(ByteSink sink, boolean value) {
    sink.put(value ? TRUE : FALSE);
  }

  public static void putLong(ByteSink sink, long value) {
    if (value == Long.MIN_VALUE) {
      sink.put(LEAST_LONG);
      return;
    }
    sink.reserve(24);
    long rest = value;
    if (rest < 0) {
      sink.buffer[sink.position++] = '-';
      rest = -rest;
    }
    putMagnitude(sink, rest);
  }

  /** A number that is not negative, where there is room for it and for four bytes more. */
  private static void putMagnitude(ByteSink sink, long value) {
    if (value < QUAD) {
      putLeadingQuad(sink, (int) value);
    } else if (value < TWO_QUADS) {
      int small = (int) value;
      int high = small / QUAD;
      putLeadingQuad(sink, high);
      putQuad(sink, small - high * QUAD);
    } else {
      int digits = digits(value);
      putDigits(sink.buffer, sink.position, digits, value);
      sink.position += digits;
    }
  }

  private static void putLeadingQuad(ByteSink sink, int value) {
    int zeros = value >= 100 ? (value >= 1000 ? 0 : 1) : (value >= 10 ? 2 : 3);
    sink.putInt(sink.position, DIGIT_QUADS[value] >>> (8 * zeros));
    sink.position += 4 - zeros;
  }

  private static void putQuad(ByteSink sink, int value) {
    sink.putInt(sink.position, DIGIT_QUADS[value]);
    sink.position += 4;
  }

  private static int digits(long value) {
    int digits = 1;
    while (digits < 19 && value >= POWERS[digits]) {
      digits++;
    }
    return digits;
  }

  /** Writes exactly {@code count} digits of a value that is not negative. */
  private static void putDigits(byte[] buffer, int at, int count, long value) {
    int end = at + count;
    long rest = value;
    while (rest > Integer.MAX_VALUE && end - at >= 2) {
      long hundredth = rest / 100;
      int pair = (int) (rest - hundredth * 100) << 1;
      buffer[--end] = DIGIT_PAIRS[pair + 1];
      buffer[--end] = DIGIT_PAIRS[pair];
      rest = hundredth;
    }
    int small = (int) rest;
    while (end - at >= 2) {
      int hundredth = small / 100;
      int pair = (small - hundredth * 100) << 1;
      buffer[--end] = DIGIT_PAIRS[pair + 1];
      buffer[--end] = DIGIT_PAIRS[pair];
      small = hundredth;
    }
    if (end > at) {
      buffer[at] = (byte) ('0' + small % 10);
    }
  }

  /** Every digit of the scale, never an exponent. */
  public static void putDecimal(ByteSink sink, Decimal value) {
    if (value.precision() <= Decimal.MAX_LONG_DIGITS() && value.scale() >= 0) {
      putScaled(sink, value.toUnscaledLong(), value.scale());
    } else {
      sink.putAscii(value.toJavaBigDecimal().toPlainString());
    }
  }

  private static void putScaled(ByteSink sink, long unscaled, int scale) {
    if (scale == 0) {
      putLong(sink, unscaled);
      return;
    }
    sink.reserve(28);
    long rest = unscaled;
    if (rest < 0) {
      sink.buffer[sink.position++] = '-';
      rest = -rest;
    }
    if (scale == 2 && rest <= Integer.MAX_VALUE) {
      int small = (int) rest;
      int whole = small / 100;
      putMagnitude(sink, whole);
      int pair = (small - whole * 100) * 2;
      sink.buffer[sink.position] = '.';
      sink.buffer[sink.position + 1] = DIGIT_PAIRS[pair];
      sink.buffer[sink.position + 2] = DIGIT_PAIRS[pair + 1];
      sink.position += 3;
      return;
    }
    long whole = rest / POWERS[scale];
    putMagnitude(sink, whole);
    sink.buffer[sink.position++] = '.';
    putDigits(sink.buffer, sink.position, scale, rest - whole * POWERS[scale]);
    sink.position += scale;
  }

  /** The digits of {@link Double#toString}; those of short decimals are found without it. */
  public static void putDouble(ByteSink sink, double value) {
    double size = Math.abs(value);
    if (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN) {
      for (int scale = 1; scale <= 4; scale++) {
        long whole = Math.round(value * POWERS[scale]);
        if ((double) whole / POWERS[scale] == value) {
          putScaled(sink, whole, scale);
          return;
        }
      }
    }
    sink.putAscii(Double.toString(value));
  }

  public static void putFloat(ByteSink sink, float value) {
    sink.putAscii(Float.toString(value));
  }

  /**
   * {@code yyyy-MM-dd}, as {@link java.time.LocalDate#toString} writes years beyond four digits.
   *
   * @param day since 1970-01-01
   */
  public static void putDate(ByteSink sink, long day) {
    RecentDates recent = sink.dates();
    int place = recent.find(day);
    if (place >= 0) {
      sink.reserve(16);
      recent.put(place, sink);
      return;
    }
    int start = sink.position;
    putNewDate(sink, day);
    recent.keep(day, sink, start);
  }

  /** The algorithm is Howard Hinnant's {@code civil_from_days}. */
  private static void putNewDate(ByteSink sink, long day) {
    long shifted = day + 719_468;
    long era = Math.floorDiv(shifted, 146_097L);
    int dayOfEra = (int) (shifted - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shiftedMonth = (5 * dayOfYear + 2) / 153;
    int dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
    int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    sink.reserve(32);
    putYear(sink, year);
    putPair(sink, '-', month);
    putPair(sink, '-', dayOfMonth);
  }

  private static void putYear(ByteSink sink, long year) {
    if (year >= 0 && year < QUAD) {
      putQuad(sink, (int) year);
      return;
    }
    sink.buffer[sink.position++] = (byte) (year < 0 ? '-' : '+');
    long size = Math.abs(year);
    int digits = Math.max(4, digits(size));
    putDigits(sink.buffer, sink.position, digits, size);
    sink.position += digits;
  }

  private static void putPair(ByteSink sink, char before, int value) {
    sink.buffer[sink.position++] = (byte) before;
    putPair(sink, value);
  }

  private static void putPair(ByteSink sink, int value) {
    sink.buffer[sink.position++] = DIGIT_PAIRS[2 * value];
    sink.buffer[sink.position++] = DIGIT_PAIRS[2 * value + 1];
  }

  /** As {@link #putDateTime}, and the offset of UTC. */
  public static void putInstant(ByteSink sink, long micros) {
    putDateTime(sink, micros);
    sink.put(UTC);
  }

  /** {@code yyyy-MM-dd HH:mm:ss}, and six digits more unless they are zero. */
  public static void putDateTime(ByteSink sink, long micros) {
    long day = Math.floorDiv(micros, MICROS_PER_DAY);
    long ofDay = micros - day * MICROS_PER_DAY;
    putDate(sink, day);
    int second = (int) (ofDay / MICROS_PER_SECOND);
    int fraction = (int) (ofDay - second * MICROS_PER_SECOND);
    sink.reserve(24);
    putPair(sink, ' ', second / 3600);
    putPair(sink, ':', second / 60 % 60);
    putPair(sink, ':', second % 60);
    if (fraction != 0) {
      sink.buffer[sink.position++] = '.';
      putDigits(sink.buffer, sink.position, 6, fraction);
      sink.position += 6;
    }
  }

  /** Two lower-case hexadecimal digits for each byte, as Redshift reads a VARBYTE. */
  public static void putHex(ByteSink sink, byte[] bytes) {
    sink.reserve(Math.multiplyExact(bytes.length, 2));
    for (byte b : bytes) {
      sink.buffer[sink.position++] = HEX[b >> 4 & 0xF];
      sink.buffer[sink.position++] = HEX[b & 0xF];
    }
  }
}
