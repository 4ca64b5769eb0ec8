package io.penstock.common.names;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the pattern language of {@link NamePattern} from left to right. */
final class NamePatternParser {
  private static final ZonedDateTime SAMPLE =
      ZonedDateTime.of(2026, 11, 1, 0, 0, 0, 0, ZoneOffset.UTC);
  private static final String VARIABLES =
      "now, job, run_id, campaign_name, group_name, file_number";

  private final String source;
  private int at;

  NamePatternParser(String source) {
    this.source = source;
  }

  private record Filter(String name, String argument, boolean hasArgument) {}

  List<NamePart> parse() {
    List<NamePart> parts = new ArrayList<>();
    while (at < source.length()) {
      int open = source.indexOf("{{", at);
      String text = source.substring(at, open < 0 ? source.length() : open);
      if (text.contains("}}")) {
        throw new IllegalArgumentException("}} closes nothing");
      }
      if (!text.isEmpty()) {
        parts.add(new NamePart.Text(text));
      }
      if (open < 0) {
        break;
      }
      at = open + 2;
      parts.add(variable());
    }
    if (parts.stream().filter(NamePart.FileNumber.class::isInstance).count() > 1) {
      throw new IllegalArgumentException("{{file_number}} occurs more than once");
    }
    return List.copyOf(parts);
  }

  private NamePart variable() {
    String name = word();
    List<Filter> filters = new ArrayList<>();
    skipBlanks();
    while (accept("|")) {
      filters.add(filter());
      skipBlanks();
    }
    if (!accept("}}")) {
      throw new IllegalArgumentException("{{" + name + " is not followed by | or by }}");
    }
    if (name.equals("now")) {
      return now(filters);
    }
    if (!filters.isEmpty()) {
      throw new IllegalArgumentException(
          "only now takes filters, not " + name + ": " + filters.get(0).name());
    }
    return switch (name) {
      case "file_number" -> new NamePart.FileNumber();
      case "job", "run_id", "campaign_name", "group_name" ->
          new NamePart.Variable(NamePart.Word.valueOf(name.toUpperCase(Locale.ROOT)));
      default ->
          throw new IllegalArgumentException(
              "{{" + name + "}} is no variable; there are " + VARIABLES);
    };
  }

  private static NamePart now(List<Filter> filters) {
    List<NamePart.Shift> shifts = new ArrayList<>();
    String format = NamePart.Now.DEFAULT_FORMAT;
    for (int i = 0; i < filters.size(); i++) {
      Filter filter = filters.get(i);
      boolean needsArgument = !filter.name().equals("next_day");
      switch (filter.name()) {
        case "local" -> shifts.add(new NamePart.Shift.Local(zone(filter.argument())));
        case "next_day" -> shifts.add(new NamePart.Shift.NextDay());
        case "format" -> {
          if (i < filters.size() - 1) {
            throw new IllegalArgumentException("format is not the last filter");
          }
          format = format(filter.argument());
        }
        default ->
            throw new IllegalArgumentException(
                filter.name() + " is no filter; there are local:'Zone/Id', next_day, format:'…'");
      }
      if (needsArgument != filter.hasArgument()) {
        throw new IllegalArgumentException(
            "the filter "
                + filter.name()
                + (needsArgument ? " needs an argument in single quotes" : " takes no argument"));
      }
    }
    return new NamePart.Now(List.copyOf(shifts), format);
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + name + "' is not a time zone", e);
    }
  }

  private static String format(String pattern) {
    try {
      if (new NamePart.Now(List.of(), pattern).render(SAMPLE).isEmpty()) {
        throw new IllegalArgumentException("the format is empty");
      }
      return pattern;
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + pattern + "' is not a date format", e);
    }
  }

  private Filter filter() {
    String name = word();
    skipBlanks();
    if (!accept(":")) {
      return new Filter(name, "", false);
    }
    skipBlanks();
    if (!accept("'")) {
      throw new IllegalArgumentException("the argument of " + name + " is not in single quotes");
    }
    StringBuilder argument = new StringBuilder();
    while (at < source.length()) {
      if (accept("''")) {
        argument.append('\'');
      } else if (accept("'")) {
        return new Filter(name, argument.toString(), true);
      } else {
        argument.append(source.charAt(at++));
      }
    }
    throw new IllegalArgumentException("the argument of " + name + " does not end");
  }

  private String word() {
    skipBlanks();
    int start = at;
    while (at < source.length()
        && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
      at++;
    }
    if (start == at) {
      throw new IllegalArgumentException("a name is missing at character " + (start + 1));
    }
    return source.substring(start, at);
  }

  private void skipBlanks() {
    while (at < source.length() && source.charAt(at) == ' ') {
      at++;
    }
  }

  private boolean accept(String token) {
    if (source.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }
}
