package io.penstock.common.schedule;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The interval of {@code every = "30 minutes"}. */
public final class Interval {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,6}) ?(m|minutes?|h|hours?|d|days?|w|weeks?)");
  private static final Duration MOST = Duration.ofDays(366);
  static final Duration DAY = Duration.ofDays(1);

  private Interval() {}

  /**
   * @throws IllegalArgumentException whose message goes on from the name of the key
   */
  public static Duration parse(String text) {
    Matcher found = TEXT.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!found.matches()) {
      throw new IllegalArgumentException("is not a number of minutes, hours, days or weeks");
    }
    long number = Long.parseLong(found.group(1));
    Duration interval =
        switch (found.group(2).charAt(0)) {
          case 'm' -> Duration.ofMinutes(number);
          case 'h' -> Duration.ofHours(number);
          case 'd' -> Duration.ofDays(number);
          default -> Duration.ofDays(7 * number);
        };
    if (interval.isZero() || interval.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("is not between a minute and 366 days");
    }
    return interval;
  }

  /** Whether a whole number of intervals is a day. */
  public static boolean dividesDay(Duration interval) {
    return DAY.toSeconds() % interval.toSeconds() == 0;
  }

  /** In the largest unit that it is a whole number of, such as {@code 90 minutes}. */
  public static String text(Duration interval) {
    long minutes = interval.toMinutes();
    if (minutes % DAY.toMinutes() == 0) {
      return number(interval.toDays(), "day");
    }
    return minutes % 60 == 0 ? number(interval.toHours(), "hour") : number(minutes, "minute");
  }

  private static String number(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
