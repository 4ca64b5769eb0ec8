package io.penstock.common.plan;

import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables that a SELECT names after FROM and JOIN, as far as its words tell: what a superuser is
 * to be shown, not what anything depends on.
 */
final class QueriedTables {
  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\\n]*|/\\*.*?\\*/|'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"]|\"\")*\"|[\\p{L}_][\\p{L}\\p{N}_$]*|\\S",
          Pattern.DOTALL);
  private static final Set<String> ENDS_FROM =
      Set.of(
          "where", "group", "having", "order", "limit", "union", "except", "intersect", "window");

  private final List<String> tokens = new ArrayList<>();
  private final Set<TableName> found = new LinkedHashSet<>();
  private final Set<String> named = new HashSet<>();
  private final Deque<Level> levels = new ArrayDeque<>();

  /** What is known of the parentheses that are open. */
  private static final class Level {
    private boolean selects;
    private boolean inFrom;
  }

  private QueriedTables(String sql) {
    Matcher token = TOKEN.matcher(sql);
    while (token.find()) {
      if (!token.group().startsWith("--") && !token.group().startsWith("/*")) {
        tokens.add(token.group());
      }
    }
  }

  /** In the order in which they are named; a name without a schema is in {@code public}. */
  static List<TableName> of(String sql) {
    QueriedTables tables = new QueriedTables(sql);
    tables.findNamed();
    tables.findTables();
    return List.copyOf(tables.found);
  }

  /** Names that WITH gives: {@code name AS (} and {@code name (columns) AS (}. */
  private void findNamed() {
    for (int at = 0; at + 2 < tokens.size(); at++) {
      int after = at + 1;
      if (word(after).equals("(")) {
        after = closing(after) + 1;
      }
      if (isName(at) && word(after).equals("as") && word(after + 1).equals("(")) {
        named.add(Identifiers.fold(name(at)));
      }
    }
  }

  private int closing(int open) {
    int depth = 0;
    for (int at = open; at < tokens.size(); at++) {
      depth += word(at).equals("(") ? 1 : word(at).equals(")") ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    return tokens.size();
  }

  private void findTables() {
    levels.push(new Level());
    for (int at = 0; at < tokens.size(); at++) {
      String word = word(at);
      if (word.equals("(")) {
        levels.push(new Level());
      } else if (word.equals(")") && levels.size() > 1) {
        levels.pop();
      } else {
        look(word, at);
      }
    }
  }

  private void look(String word, int at) {
    Level level = levels.element();
    if (word.equals("select")) {
      level.selects = true;
      level.inFrom = false;
    } else if (ENDS_FROM.contains(word)) {
      level.inFrom = false;
    } else if (word.equals("from") && level.selects) {
      level.inFrom = true;
      table(at + 1);
    } else if (level.inFrom && (word.equals("join") || word.equals(","))) {
      table(at + 1);
    }
  }

  private void table(int at) {
    if (!isName(at)) {
      return;
    }
    boolean qualified = word(at + 1).equals(".") && isName(at + 2);
    int after = qualified ? at + 3 : at + 1;
    if (word(after).equals("(") || word(after).equals(".")) {
      return;
    }
    if (qualified) {
      found.add(new TableName(name(at), name(at + 2)));
    } else if (!named.contains(Identifiers.fold(name(at)))) {
      found.add(new TableName("public", name(at)));
    }
  }

  private boolean isName(int at) {
    String token = at < tokens.size() ? tokens.get(at) : "";
    return token.startsWith("\"")
        || !token.isEmpty()
            && (Character.isLetter(token.charAt(0)) || token.charAt(0) == '_')
            && !word(at).equals("select")
            && !word(at).equals("lateral");
  }

  private String name(int at) {
    String token = tokens.get(at);
    return token.startsWith("\"")
        ? token.substring(1, token.length() - 1).replace("\"\"", "\"")
        : token;
  }

  private String word(int at) {
    return at < tokens.size() ? tokens.get(at).toLowerCase(Locale.ROOT) : "";
  }
}
