package io.penstock.common.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.time.generator.FieldValueGenerator;
import com.cronutils.model.time.generator.FieldValueGeneratorFactory;
import com.cronutils.parser.CronParser;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The five fields of crontab: minute, hour, day of month, month, day of week (0 and 7 are Sunday),
 * with names, lists, ranges and steps. What crons understand differently is refused.
 */
record CronExpression(CronDays days, SortedSet<LocalTime> times) {
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
  private static final Pattern FIELD =
      Pattern.compile("(?:ITEM|ITEM-ITEM(?:/\\d+)?|\\*(?:/\\d+)?)".replace("ITEM", "(?:\\w+)"));

  /**
   * @throws IllegalArgumentException whose message goes on from the name of the key
   */
  static CronExpression parse(String text) {
    String[] fields = text.trim().split("[ \\t]+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "has " + fields.length + " fields, not minute, hour, day of month, month, day of week");
    }
    for (String field : fields) {
      requirePlain(field);
    }
    if (steps(fields[2]) && !isStar(fields[4]) || steps(fields[4]) && !isStar(fields[2])) {
      throw new IllegalArgumentException(
          "has a step from * in one field of days and days in the other, which crons combine"
              + " differently");
    }
    Cron cron = parsed(String.join(" ", fields));
    return new CronExpression(days(cron, fields), times(cron));
  }

  private static boolean steps(String field) {
    return field.startsWith("*/");
  }

  private static boolean isStar(String field) {
    return field.equals("*");
  }

  private static void requirePlain(String field) {
    for (String item : field.split(",", -1)) {
      if (!FIELD.matcher(item).matches()) {
        throw new IllegalArgumentException(
            "holds "
                + (item.isEmpty() ? "an empty item" : item)
                + ": neither *, a value, a range a-b, nor a step */n or a-b/n");
      }
    }
  }

  private static Cron parsed(String text) {
    try {
      return PARSER.parse(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage()).replaceFirst("^Failed to parse[^.]*\\. ", "");
      throw new IllegalArgumentException("is not a cron expression: " + message, e);
    }
  }

  private static CronDays days(Cron cron, String[] fields) {
    Set<Integer> daysOfMonth = values(cron, CronFieldName.DAY_OF_MONTH, 1, 31);
    Set<DayOfWeek> daysOfWeek =
        values(cron, CronFieldName.DAY_OF_WEEK, 0, 7).stream()
            .map(day -> DayOfWeek.of(day == 0 ? 7 : day))
            .collect(Collectors.toSet());
    Set<Integer> months = values(cron, CronFieldName.MONTH, 1, 12);
    CronDays days = new CronDays(daysOfMonth, months, daysOfWeek);
    boolean both = !isStar(fields[2]) && !isStar(fields[4]);
    boolean everyDay = both && !(days.restrictsDaysOfMonth() && days.restrictsDaysOfWeek());
    return everyDay
        ? new CronDays(CronDays.ALL.daysOfMonth(), months, CronDays.ALL.daysOfWeek())
        : days;
  }

  private static SortedSet<LocalTime> times(Cron cron) {
    SortedSet<LocalTime> times = new TreeSet<>();
    for (int hour : values(cron, CronFieldName.HOUR, 0, 23)) {
      for (int minute : values(cron, CronFieldName.MINUTE, 0, 59)) {
        times.add(LocalTime.of(hour, minute));
      }
    }
    return times;
  }

  private static Set<Integer> values(Cron cron, CronFieldName field, int first, int last) {
    FieldValueGenerator generator =
        FieldValueGeneratorFactory.forCronField(cron.retrieveFieldsAsMap().get(field));
    return IntStream.rangeClosed(first, last)
        .filter(generator::isMatch)
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }
}
