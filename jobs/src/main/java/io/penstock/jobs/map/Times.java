package io.penstock.jobs.map;

import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Conversions to dates and timestamps, called from generated code: days and microseconds since
 * 1970-01-01 UTC of the proleptic Gregorian calendar. Null means that the value does not fit.
 */
public final class Times {

  // Amazon Redshift Database Developer Guide, "Datetime types": 4713 BC to 294276 AD
  private static final long FIRST_DAY = LocalDate.of(-4712, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(294_276, 12, 31).toEpochDay();
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  // microseconds in a long end before Redshift's last day does
  private static final long LAST_DAY_IN_MICROS = Long.MAX_VALUE / MICROS_PER_DAY - 1;

  private static final int OTHER_FORM = Integer.MIN_VALUE;
  private static final int NO_DIGITS = -10_000;

  private Times() {}

  public static @Nullable Integer withinDate(int days) {
    return days >= FIRST_DAY && days <= LAST_DAY ? days : null;
  }

  public static @Nullable Long withinTimestamp(long micros) {
    return micros >= FIRST_DAY * MICROS_PER_DAY ? micros : null;
  }

  /** Midnight. */
  public static @Nullable Long instantOfDate(int days) {
    return days >= FIRST_DAY && days <= LAST_DAY_IN_MICROS ? days * MICROS_PER_DAY : null;
  }

  /** A year, month and day, and nothing else. */
  public static @Nullable Integer dateOfText(UTF8String text) {
    int plain = plainDate(text);
    if (plain != OTHER_FORM) {
      return plain;
    }
    UTF8String trimmed = text.trimAll();
    if (endOfDate(trimmed) != trimmed.numBytes()) {
      return null;
    }
    Option<Object> days = DateTimeUtils.stringToDate(trimmed);
    return days.isEmpty() ? null : withinDate((Integer) days.get());
  }

  /**
   * A date, or a date and a time, with or without a zone. Without one it is UTC. Digits beyond
   * microseconds are cut off.
   */
  public static @Nullable Long instantOfText(UTF8String text) {
    UTF8String trimmed = text.trimAll();
    if (endOfDate(trimmed) < 0) {
      return null;
    }
    Option<Object> micros = DateTimeUtils.stringToTimestamp(trimmed, ZoneOffset.UTC);
    return micros.isEmpty() ? null : withinTimestamp((Long) micros.get());
  }

  /**
   * Days of a text that is yyyy-MM-dd; {@link #OTHER_FORM} for every other, also for one that is a
   * date.
   */
  private static int plainDate(UTF8String text) {
    if (text.numBytes() != 10 || !isAt(text, 4, '-') || !isAt(text, 7, '-')) {
      return OTHER_FORM;
    }
    int year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
    int month = twoDigits(text, 5);
    int day = twoDigits(text, 8);
    boolean exists =
        year >= 0
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= Month.of(month).length(IsoChronology.INSTANCE.isLeapYear(year));
    return exists ? (int) LocalDate.of(year, month, day).toEpochDay() : OTHER_FORM;
  }

  /** So far below zero where these are no digits, that no sum with it is a year or more. */
  private static int twoDigits(UTF8String text, int at) {
    int tens = Utf8.byteAt(text, at) - '0';
    int ones = Utf8.byteAt(text, at + 1) - '0';
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NO_DIGITS;
  }

  /**
   * Where a complete date at the beginning ends; -1 where there is none. Spark also takes a year
   * alone, and takes a time alone for today's.
   */
  private static int endOfDate(UTF8String text) {
    int at =
        text.numBytes() > 0 && (Utf8.byteAt(text, 0) == '-' || Utf8.byteAt(text, 0) == '+') ? 1 : 0;
    at = endOfDigits(text, at, 4, 6);
    at = isAt(text, at, '-') ? endOfDigits(text, at + 1, 1, 2) : -1;
    return isAt(text, at, '-') ? endOfDigits(text, at + 1, 1, 2) : -1;
  }

  private static boolean isAt(UTF8String text, int at, char wanted) {
    return at >= 0 && at < text.numBytes() && Utf8.byteAt(text, at) == wanted;
  }

  private static int endOfDigits(UTF8String text, int from, int fewest, int most) {
    int at = from;
    while (at < text.numBytes() && Utf8.byteAt(text, at) >= '0' && Utf8.byteAt(text, at) <= '9') {
      at++;
    }
    int digits = at - from;
    return digits >= fewest && digits <= most ? at : -1;
  }
}
