package io.penstock.common.config;

import com.typesafe.config.ConfigOrigin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts a configuration was read from; finds the line and column of a key in them. */
final class SourceTexts {
  private static final Pattern LINED = Pattern.compile("(?:merge of )?(.*?): (\\d+)(?:-\\d+)?");
  private static final String MERGE = "merge of ";

  private final Map<String, List<String>> lines = new HashMap<>();

  void add(String name, String text) {
    lines.put(name, text.lines().toList());
  }

  boolean holds(String name) {
    return lines.containsKey(name);
  }

  /** Whether some text substitutes a path that begins with this key. */
  boolean substitutes(String key) {
    Pattern use = Pattern.compile("\\$\\{\\??\\s*\"?" + Pattern.quote(key) + "[\"\\s.}]");
    return lines.values().stream()
        .anyMatch(text -> text.stream().anyMatch(line -> use.matcher(line).find()));
  }

  /** The place of a key whose value has this origin. */
  Place of(ConfigOrigin origin, String key) {
    for (String part : parts(origin)) {
      Matcher lined = LINED.matcher(part);
      if (lined.matches() && lines.containsKey(lined.group(1))) {
        return place(lined.group(1), Integer.parseInt(lined.group(2)), key);
      }
    }
    return Place.file(parts(origin).get(0));
  }

  /** The place of a whole line. */
  Place of(ConfigOrigin origin) {
    String file = origin.description().replaceFirst("^" + MERGE, "").replaceFirst(": \\d.*$", "");
    return origin.lineNumber() < 1 ? of(origin, "") : place(file, origin.lineNumber(), "");
  }

  /** The first line of a text that holds both words; the text itself where none does. */
  Place lineWith(String file, String first, String second) {
    List<String> text = lines.getOrDefault(file, List.of());
    for (int i = 0; i < text.size(); i++) {
      int at = text.get(i).indexOf(first);
      if (at >= 0 && text.get(i).indexOf(second, at) >= 0) {
        return new Place(file, i + 1, at + 1);
      }
    }
    return Place.file(file);
  }

  private static List<String> parts(ConfigOrigin origin) {
    String description = origin.description();
    return description.startsWith(MERGE)
        ? List.of(description.substring(MERGE.length()).split(",", -1))
        : List.of(description);
  }

  private Place place(String file, int line, String key) {
    List<String> text = lines.getOrDefault(file, List.of());
    // A value may stand on a later line than its key.
    for (int at = line; at >= 1 && at > line - 3; at--) {
      int column = at > text.size() || key.isEmpty() ? 0 : column(text.get(at - 1), key);
      if (column > 0) {
        return new Place(file, at, column);
      }
    }
    return new Place(file, line, line > text.size() ? 1 : firstColumn(text.get(line - 1)));
  }

  private static int column(String line, String key) {
    Matcher found =
        Pattern.compile("(?<![\\w$-])\"?(" + Pattern.quote(key) + ")\"?\\s*(?:[:={.]|\\+=)")
            .matcher(line);
    return found.find() ? found.start() + 1 : 0;
  }

  private static int firstColumn(String line) {
    int blanks = 0;
    while (blanks < line.length() && Character.isWhitespace(line.charAt(blanks))) {
      blanks++;
    }
    return blanks == line.length() ? 1 : blanks + 1;
  }
}
