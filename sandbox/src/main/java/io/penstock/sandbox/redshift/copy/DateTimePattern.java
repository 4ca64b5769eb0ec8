package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A format string of DATEFORMAT or TIMEFORMAT. Sources: Amazon Redshift Database Developer Guide,
 * "DATEFORMAT and TIMEFORMAT strings" and "Using automatic recognition with DATEFORMAT and
 * TIMEFORMAT".
 */
final class DateTimePattern {
  private static final String FRACTION = "(?:\\.(?<micros>\\d{1,6}))?";
  private static final String ZONE =
      "(?<zone>Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?|[A-Za-z]{3,4}|[A-Za-z]+/[A-Za-z_]+)";
  private static final String MONTH_NAMES = "(?<name>[A-Za-z]{3,9})";

  /** Longest first: a token may begin with another. */
  private static final String[][] TOKENS = {
    {"YYYY", "(?<year>\\d{4})"},
    {"YY", "(?<yy>\\d{2})"},
    {"MONTH", MONTH_NAMES},
    {"MON", MONTH_NAMES},
    {"MM", "(?<month>\\d{1,2})"},
    {"MI", "(?<minute>\\d{1,2})"},
    {"DD", "(?<day>\\d{1,2})"},
    {"HH24", "(?<hour>\\d{1,2})"},
    {"HH12", "(?<hour>\\d{1,2})"},
    {"HH", "(?<hour>\\d{1,2})"},
    {"SS.US", "(?<second>\\d{1,2})" + FRACTION},
    {"SS.MS", "(?<second>\\d{1,2})" + FRACTION},
    {"SS.F", "(?<second>\\d{1,2})" + FRACTION},
    {"SS", "(?<second>\\d{1,2})" + FRACTION},
    {"AM", "(?<half>[AaPp]\\.?[Mm]\\.?)"},
    {"PM", "(?<half>[AaPp]\\.?[Mm]\\.?)"},
    {"OF", ZONE},
    {"TZ", ZONE},
  };

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> AUTOMATIC_DATES =
      List.of(
          "YYYY-MM-DD",
          "YYYY/MM/DD",
          "YYYY.MM.DD",
          "YYYY-MON-DD",
          "MM/DD/YYYY",
          "MM-DD-YYYY",
          "MM.DD.YYYY",
          "DD-MON-YYYY",
          "DD MON YYYY",
          "MON-DD-YYYY",
          "MON DD, YYYY",
          "MON DD YYYY",
          "MM/DD/YY",
          "MM-DD-YY");

  private final List<Pattern> alternatives;

  private DateTimePattern(List<Pattern> alternatives) {
    this.alternatives = alternatives;
  }

  /**
   * The format when TIMEFORMAT is not given: the time and, for timestamptz, the offset may lack.
   */
  static DateTimePattern standard(boolean zoned) {
    String time = "(?: " + compact("HH24:MI:SS") + (zoned ? " ?" + ZONE + "?" : "") + ")?";
    return new DateTimePattern(List.of(Pattern.compile(compact("YYYY-MM-DD") + time)));
  }

  static DateTimePattern of(String format) throws SqlError {
    if (format.equals("auto")) {
      return new DateTimePattern(automatic());
    }
    String regex = compact(format);
    if (!regex.contains("(?<")) {
      throw new SqlError("22007", "Invalid date or time format '" + format + "'");
    }
    try {
      return new DateTimePattern(List.of(Pattern.compile(regex)));
    } catch (java.util.regex.PatternSyntaxException e) {
      throw new SqlError(
          "22007", "Invalid date or time format '" + format + "': a part occurs twice");
    }
  }

  private static List<Pattern> automatic() {
    String time =
        "(?:[ T]+(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})"
            + FRACTION
            + ")?(?: ?(?<half>[AaPp][Mm]))?(?: ?"
            + ZONE
            + ")?)?";
    List<Pattern> patterns = new ArrayList<>();
    patterns.add(Pattern.compile("(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})" + time));
    patterns.add(Pattern.compile("(?<yy>\\d{2})(?<month>\\d{2})(?<day>\\d{2})"));
    for (String date : AUTOMATIC_DATES) {
      patterns.add(Pattern.compile(compact(date) + time));
    }
    return patterns;
  }

  private static String compact(String format) {
    StringBuilder regex = new StringBuilder();
    String upper = format.toUpperCase(Locale.ROOT);
    int at = 0;
    while (at < format.length()) {
      String[] token = tokenAt(upper, at);
      if (token == null) {
        regex.append(Pattern.quote(format.substring(at, at + 1)));
        at++;
      } else {
        regex.append(token[1]);
        at += token[0].length();
      }
    }
    return regex.toString();
  }

  private static String @Nullable [] tokenAt(String format, int at) {
    for (String[] token : TOKENS) {
      if (format.startsWith(token[0], at)) {
        return token;
      }
    }
    return null;
  }

  /** The value, or null if the text has another form or names a time that does not exist. */
  @Nullable DateTime parse(String text) {
    for (Pattern pattern : alternatives) {
      Matcher matcher = pattern.matcher(text);
      if (matcher.matches()) {
        try {
          DateTime value = value(new Parts(matcher));
          if (value != null) {
            return value;
          }
        } catch (DateTimeException e) {
          continue;
        }
      }
    }
    return null;
  }

  private static @Nullable DateTime value(Parts parts) {
    int month = month(parts);
    int year = year(parts);
    if (month < 1 || year < 1) {
      return null;
    }
    int hour = hour(parts);
    String micros = parts.text("micros");
    LocalDateTime local =
        LocalDateTime.of(
            year,
            month,
            parts.number("day", 1),
            hour,
            parts.number("minute", 0),
            parts.number("second", 0),
            micros == null ? 0 : Integer.parseInt((micros + "000000").substring(0, 6)) * 1_000);
    String zone = parts.text("zone");
    return new DateTime(local, zone == null ? null : zone(zone));
  }

  private static ZoneId zone(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "Z", "UTC", "GMT" -> ZoneId.of("UTC");
      default -> ZoneId.of(text, ZoneId.SHORT_IDS);
    };
  }

  private static int month(Parts parts) {
    String name = parts.text("name");
    return name == null
        ? parts.number("month", 1)
        : MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
  }

  /** Two digits mean 1970 to 2069. */
  private static int year(Parts parts) {
    int two = parts.number("yy", -1);
    return two < 0 ? parts.number("year", 1) : two + (two < 70 ? 2000 : 1900);
  }

  private static int hour(Parts parts) {
    int hour = parts.number("hour", 0);
    String half = parts.text("half");
    if (half == null) {
      return hour;
    }
    if (hour < 1 || hour > 12) {
      throw new DateTimeException("hour of a half day");
    }
    boolean afternoon = half.charAt(0) == 'p' || half.charAt(0) == 'P';
    return hour % 12 + (afternoon ? 12 : 0);
  }

  /** The named groups of a match; a pattern has only those that its format names. */
  private record Parts(Matcher matcher) {
    @Nullable String text(String name) {
      return matcher.pattern().pattern().contains("(?<" + name + ">") ? matcher.group(name) : null;
    }

    int number(String name, int otherwise) {
      String text = text(name);
      return text == null ? otherwise : Integer.parseInt(text);
    }
  }
}
