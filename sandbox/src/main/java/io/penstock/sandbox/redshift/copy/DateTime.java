package io.penstock.sandbox.redshift.copy;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A parsed date or timestamp.
 *
 * @param zone as written; null if none was
 */
record DateTime(LocalDateTime local, @Nullable ZoneId zone) {
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);
  private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  String date() {
    return DateTimeFormatter.ISO_LOCAL_DATE.format(local);
  }

  /** A column without time zone drops the zone, as PostgreSQL and Redshift do. */
  String timestamp() {
    return TIMESTAMP.format(local);
  }

  /** A value without a zone is taken for UTC, the time zone of every Redshift session. */
  String zonedTimestamp() {
    return zone == null
        ? TIMESTAMP.format(local) + "+00"
        : TIMESTAMP.format(ZonedDateTime.of(local, zone).withZoneSameInstant(ZoneId.of("UTC")))
            + "+00";
  }

  /** Whether the ten bytes are a date {@code YYYY-MM-DD} that exists. */
  static boolean isIsoDate(byte[] bytes, int at) {
    if (bytes[at + 4] != '-' || bytes[at + 7] != '-') {
      return false;
    }
    int century = twoDigits(bytes, at);
    int years = twoDigits(bytes, at + 2);
    int month = twoDigits(bytes, at + 5);
    int day = twoDigits(bytes, at + 8);
    if (century < 0 || years < 0 || month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]) {
      return false;
    }
    int year = century * 100 + years;
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year > 0 && (month != 2 || day < 29 || leap);
  }

  /** Whether the bytes are {@code YYYY-MM-DD HH:MI:SS[.f…]} with at most six fraction digits. */
  static boolean isIsoTimestamp(byte[] bytes, int start, int end) {
    int length = end - start;
    if (length < 19 || length > 26 || !isIsoDate(bytes, start) || bytes[start + 10] != ' ') {
      return false;
    }
    int hour = twoDigits(bytes, start + 11);
    int minute = twoDigits(bytes, start + 14);
    int second = twoDigits(bytes, start + 17);
    if (bytes[start + 13] != ':' || bytes[start + 16] != ':') {
      return false;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return false;
    }
    if (length == 19) {
      return true;
    }
    for (int at = start + 20; at < end; at++) {
      if (bytes[at] < '0' || bytes[at] > '9') {
        return false;
      }
    }
    return bytes[start + 19] == '.' && length > 20;
  }

  private static int twoDigits(byte[] bytes, int at) {
    int tens = bytes[at] - '0';
    int ones = bytes[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
  }
}
