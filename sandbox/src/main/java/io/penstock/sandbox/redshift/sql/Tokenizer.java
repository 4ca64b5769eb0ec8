package io.penstock.sandbox.redshift.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL text into statements and tokens, by Redshift's lexical rules: backslashes escape in
 * plain string literals, comments nest, {@code $tag$} strings, {@code #} starts a temporary table's
 * name.
 */
final class Tokenizer {
  private final String sql;
  private int position;

  private Tokenizer(String sql) {
    this.sql = sql;
  }

  /** The statements between semicolons; empty ones are left out. */
  static List<Statement> statements(String sql) {
    return new Tokenizer(sql).statements();
  }

  private List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    List<Token> tokens = new ArrayList<>();
    int start = 0;
    while (skipBlank()) {
      int at = position;
      Token.Kind kind = read();
      if (kind == Token.Kind.SYMBOL && sql.charAt(at) == ';') {
        add(statements, tokens, start, at);
        tokens = new ArrayList<>();
        start = position;
      } else {
        tokens.add(new Token(kind, sql.substring(at, position), at - start));
      }
    }
    add(statements, tokens, start, sql.length());
    return statements;
  }

  private void add(List<Statement> statements, List<Token> tokens, int start, int end) {
    if (!tokens.isEmpty()) {
      statements.add(new Statement(sql.substring(start, end), List.copyOf(tokens)));
    }
  }

  /** Moves past white space and comments; false at the end. */
  private boolean skipBlank() {
    while (position < sql.length()) {
      if (Character.isWhitespace(sql.charAt(position))) {
        position++;
      } else if (sql.startsWith("--", position)) {
        int end = sql.indexOf('\n', position);
        position = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", position)) {
        skipComment();
      } else {
        return true;
      }
    }
    return false;
  }

  private void skipComment() {
    int depth = 0;
    do {
      if (sql.startsWith("/*", position)) {
        depth++;
        position += 2;
      } else if (sql.startsWith("*/", position)) {
        depth--;
        position += 2;
      } else {
        position++;
      }
    } while (depth > 0 && position < sql.length());
  }

  private Token.Kind read() {
    char first = sql.charAt(position);
    if (first == '\'') {
      position++;
      return string();
    }
    if (first == '"') {
      return quoted();
    }
    if (isStringPrefix(first)) {
      position += 2;
      return string();
    }
    if (first == '$') {
      return dollar();
    }
    if (isNameStart(first) || (first == '#' && isNameStart(at(position + 1)))) {
      position++;
      while (isNamePart(at(position))) {
        position++;
      }
      return Token.Kind.WORD;
    }
    if (isDigit(first) || (first == '.' && isDigit(at(position + 1)))) {
      return number();
    }
    position += sql.startsWith("::", position) ? 2 : 1;
    return Token.Kind.SYMBOL;
  }

  /** {@code E'…'}, {@code B'…'}, {@code X'…'}, {@code N'…'}: the literal follows at once. */
  private boolean isStringPrefix(char first) {
    return "EeBbXxNn".indexOf(first) >= 0 && at(position + 1) == '\'';
  }

  private Token.Kind string() {
    while (position < sql.length()) {
      char c = sql.charAt(position++);
      if (c == '\\') {
        position = Math.min(position + 1, sql.length());
      } else if (c == '\'') {
        if (at(position) != '\'') {
          break;
        }
        position++;
      }
    }
    return Token.Kind.STRING;
  }

  private Token.Kind quoted() {
    position++;
    while (position < sql.length()) {
      if (sql.charAt(position++) == '"') {
        if (at(position) != '"') {
          return Token.Kind.QUOTED;
        }
        position++;
      }
    }
    return Token.Kind.SYMBOL;
  }

  private Token.Kind dollar() {
    int end = position + 1;
    if (isDigit(at(end))) {
      while (isDigit(at(end))) {
        end++;
      }
      position = end;
      return Token.Kind.PARAMETER;
    }
    while (isNamePart(at(end)) && at(end) != '$') {
      end++;
    }
    if (at(end) != '$') {
      position++;
      return Token.Kind.SYMBOL;
    }
    String tag = sql.substring(position, end + 1);
    int close = sql.indexOf(tag, end + 1);
    position = close < 0 ? sql.length() : close + tag.length();
    return Token.Kind.STRING;
  }

  private Token.Kind number() {
    while (isDigit(at(position)) || at(position) == '.') {
      position++;
    }
    char exponent = at(position);
    if (exponent == 'e' || exponent == 'E') {
      int digits = position + 1;
      if (at(digits) == '+' || at(digits) == '-') {
        digits++;
      }
      if (isDigit(at(digits))) {
        position = digits;
        while (isDigit(at(position))) {
          position++;
        }
      }
    }
    return Token.Kind.NUMBER;
  }

  private char at(int index) {
    return index < sql.length() ? sql.charAt(index) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c) || c == '$';
  }
}
