package io.penstock.jobs.map;

import java.math.BigDecimal;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Conversions to numbers, called from generated code. Null means that the value does not fit;
 * nothing is rounded and nothing wraps around.
 */
public final class Numbers {
  private static final double TWO_TO_63 = 0x1p63;

  /** Longer texts are no numbers: reading their digits takes quadratic time. */
  private static final int LONGEST = 1_000;

  private static final int MOST_DIGITS = 38;

  private static final long[] TENS = new long[Decimal.MAX_LONG_DIGITS() + 1];

  static {
    TENS[0] = 1;
    for (int zeros = 1; zeros < TENS.length; zeros++) {
      TENS[zeros] = TENS[zeros - 1] * 10;
    }
  }

  private Numbers() {}

  public static @Nullable Long integralOfLong(long value, long least, long greatest) {
    return value >= least && value <= greatest ? value : null;
  }

  /** A double with a fraction, NaN and the infinities do not fit. */
  public static @Nullable Long integralOfDouble(double value, long least, long greatest) {
    boolean whole = value == Math.rint(value) && value >= -TWO_TO_63 && value < TWO_TO_63;
    return whole ? integralOfLong((long) value, least, greatest) : null;
  }

  public static @Nullable Long integralOfDecimal(Decimal value, long least, long greatest) {
    return exactly(value.toJavaBigDecimal(), least, greatest);
  }

  private static @Nullable Long exactly(BigDecimal number, long least, long greatest) {
    try {
      return integralOfLong(number.longValueExact(), least, greatest);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** A number without a fraction, such as 12, 12.0 or 1e3; blanks around it do not count. */
  public static @Nullable Long integralOfText(UTF8String text, long least, long greatest) {
    UTF8String digits = text.trimAll();
    int length = digits.numBytes();
    byte sign = length == 0 ? 0 : Utf8.byteAt(digits, 0);
    int at = sign == '-' || sign == '+' ? 1 : 0;
    if (at == length) {
      return null;
    }
    // counted downwards, since the least long has no positive counterpart
    long negative = 0;
    for (; at < length; at++) {
      int digit = Utf8.byteAt(digits, at) - '0';
      if (digit < 0 || digit > 9) {
        return wholeNumber(text, least, greatest);
      }
      if (negative < (Long.MIN_VALUE + digit) / 10) {
        return null;
      }
      negative = negative * 10 - digit;
    }
    if (sign == '-') {
      return integralOfLong(negative, least, greatest);
    }
    return negative == Long.MIN_VALUE ? null : integralOfLong(-negative, least, greatest);
  }

  private static @Nullable Long wholeNumber(UTF8String text, long least, long greatest) {
    BigDecimal number = number(text);
    return number == null ? null : exactly(number, least, greatest);
  }

  public static @Nullable Decimal decimalOfDecimal(Decimal value, int precision, int scale) {
    return exactly(value.toJavaBigDecimal(), precision, scale);
  }

  /** The shortest decimal that reads back as the double: 0.1 is 0.1. */
  public static @Nullable Decimal decimalOfDouble(double value, int precision, int scale) {
    return Double.isFinite(value) ? exactly(BigDecimal.valueOf(value), precision, scale) : null;
  }

  /** The shortest decimal that reads back as the float. */
  public static @Nullable Decimal decimalOfFloat(float value, int precision, int scale) {
    return Float.isFinite(value)
        ? exactly(new BigDecimal(Float.toString(value)), precision, scale)
        : null;
  }

  public static @Nullable Decimal decimalOfText(UTF8String text, int precision, int scale) {
    Decimal plain = plainDecimal(text, precision, scale);
    if (plain != null) {
      return plain;
    }
    BigDecimal number = number(text);
    return number == null ? null : exactly(number, precision, scale);
  }

  /**
   * A number of digits with at most as many behind the point as the scale, such as -12.50. Null for
   * every other form, also for one that is a number.
   */
  private static @Nullable Decimal plainDecimal(UTF8String text, int precision, int scale) {
    int length = text.numBytes();
    byte sign = length == 0 ? 0 : Utf8.byteAt(text, 0);
    int first = sign == '-' || sign == '+' ? 1 : 0;
    if (length == first || length - first > Decimal.MAX_LONG_DIGITS() + 1) {
      return null;
    }
    long unscaled = 0;
    int point = -1;
    for (int at = first; at < length; at++) {
      int digit = Utf8.byteAt(text, at) - '0';
      if (digit >= 0 && digit <= 9) {
        unscaled = unscaled * 10 + digit;
      } else if (digit == '.' - '0' && point < 0) {
        point = at;
      } else {
        return null;
      }
    }
    int fraction = point < 0 ? 0 : length - point - 1;
    int digits = length - first - (point < 0 ? 0 : 1);
    int zeros = scale - fraction;
    boolean fits =
        zeros >= 0
            && digits > 0
            && digits + zeros <= Math.min(precision, Decimal.MAX_LONG_DIGITS());
    if (!fits) {
      return null;
    }
    long value = unscaled * TENS[zeros];
    return Decimal.createUnsafe(sign == '-' ? -value : value, precision, scale);
  }

  private static @Nullable Decimal exactly(BigDecimal value, int precision, int scale) {
    if (value.signum() == 0) {
      return Decimal.apply(BigDecimal.ZERO.setScale(scale), precision, scale);
    }
    long before = (long) value.precision() - value.scale();
    if (before > precision - scale || before < -MOST_DIGITS) {
      return null;
    }
    BigDecimal shortest = value.scale() > scale ? value.stripTrailingZeros() : value;
    return shortest.scale() > scale
        ? null
        : Decimal.apply(shortest.setScale(scale), precision, scale);
  }

  /** Infinite doubles are infinite reals; finite ones beyond the greatest real do not fit. */
  public static @Nullable Float realOfDouble(double value) {
    float narrowed = (float) value;
    return Float.isInfinite(narrowed) && !Double.isInfinite(value) ? null : narrowed;
  }

  public static @Nullable Float realOfText(UTF8String text) {
    Double named = named(text);
    if (named != null) {
      return named.floatValue();
    }
    String digits = digits(text);
    if (digits == null) {
      return null;
    }
    try {
      float value = Float.parseFloat(digits);
      return Float.isInfinite(value) ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  public static @Nullable Double doubleOfText(UTF8String text) {
    Double named = named(text);
    if (named != null) {
      return named;
    }
    String digits = digits(text);
    if (digits == null) {
      return null;
    }
    try {
      double value = Double.parseDouble(digits);
      return Double.isInfinite(value) ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  public static @Nullable Boolean booleanOfLong(long value) {
    return value == 0 ? Boolean.FALSE : value == 1 ? Boolean.TRUE : null;
  }

  /** A decimal number in ASCII, with or without an exponent; null for anything else. */
  static @Nullable BigDecimal number(UTF8String text) {
    String digits = digits(text);
    if (digits == null) {
      return null;
    }
    try {
      return new BigDecimal(digits);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The text without blanks around it, where it has only characters of ASCII numbers. */
  private static @Nullable String digits(UTF8String text) {
    UTF8String trimmed = text.trimAll();
    if (trimmed.numBytes() == 0 || trimmed.numBytes() > LONGEST) {
      return null;
    }
    for (int at = 0; at < trimmed.numBytes(); at++) {
      byte b = Utf8.byteAt(trimmed, at);
      boolean digit = b >= '0' && b <= '9';
      if (!digit && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E') {
        return null;
      }
    }
    return trimmed.toString();
  }

  private static @Nullable Double named(UTF8String text) {
    int length = text.numBytes();
    byte last = length == 0 ? 0 : Utf8.byteAt(text, length - 1);
    if (last == '.' || (last >= '0' && last <= '9') || length > LONGEST) {
      return null;
    }
    return switch (text.trimAll().toLowerCase().toString()) {
      case "nan" -> Double.NaN;
      case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }
}
