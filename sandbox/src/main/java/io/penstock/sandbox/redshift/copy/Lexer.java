package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a statement into tokens. Strings take doubled quotes and, as in Redshift, backslash
 * escapes; {@code $tag$…$tag$} is a string without escapes; comments are skipped.
 */
final class Lexer {
  private final String sql;
  private int at;

  private Lexer(String sql) {
    this.sql = sql;
  }

  static List<Token> tokens(String sql) throws SqlError {
    Lexer lexer = new Lexer(sql);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.next();
      tokens.add(token);
    } while (token.kind() != Token.Kind.END);
    return tokens;
  }

  /** The statement's first word in upper case; empty if it begins with something else. */
  static String firstWord(String sql) {
    try {
      Token first = new Lexer(sql).next();
      return first.kind() == Token.Kind.WORD ? first.keyword() : "";
    } catch (SqlError e) {
      return "";
    }
  }

  private Token next() throws SqlError {
    skipBlanksAndComments();
    int start = at;
    if (at >= sql.length()) {
      return new Token(Token.Kind.END, "", "end of input", start);
    }
    char first = sql.charAt(at);
    if (first == '\'') {
      return token(Token.Kind.STRING, string(), start);
    }
    if (first == '"') {
      return token(Token.Kind.QUOTED, quotedIdentifier(), start);
    }
    if (first == '$') {
      return token(Token.Kind.STRING, dollarQuoted(), start);
    }
    if (Character.isLetter(first) || first == '_') {
      while (at < sql.length() && isWordPart(sql.charAt(at))) {
        at++;
      }
      return token(Token.Kind.WORD, sql.substring(start, at), start);
    }
    if (Character.isDigit(first)) {
      while (at < sql.length() && (Character.isDigit(sql.charAt(at)) || sql.charAt(at) == '.')) {
        at++;
      }
      return token(Token.Kind.NUMBER, sql.substring(start, at), start);
    }
    at++;
    return token(Token.Kind.SYMBOL, String.valueOf(first), start);
  }

  private Token token(Token.Kind kind, String text, int start) {
    return new Token(kind, text, sql.substring(start, at), start);
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private void skipBlanksAndComments() throws SqlError {
    while (at < sql.length()) {
      if (Character.isWhitespace(sql.charAt(at))) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", at)) {
        skipBlockComment();
      } else {
        return;
      }
    }
  }

  private void skipBlockComment() throws SqlError {
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else if (at >= sql.length()) {
        throw new SqlError("42601", "unterminated /* comment");
      } else {
        at++;
      }
    } while (depth > 0);
  }

  private String string() throws SqlError {
    StringBuilder text = new StringBuilder();
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\' && at < sql.length()) {
        escape(text);
      } else if (c != '\'') {
        text.append(c);
      } else if (at < sql.length() && sql.charAt(at) == '\'') {
        text.append('\'');
        at++;
      } else {
        return text.toString();
      }
    }
    throw new SqlError("42601", "unterminated quoted string");
  }

  /**
   * A backslash that starts no quote is kept: COPY options interpret {@code \t}, {@code \N} and
   * {@code \001} themselves.
   */
  private void escape(StringBuilder text) {
    char escaped = sql.charAt(at++);
    if (escaped != '\'') {
      text.append('\\');
    }
    text.append(escaped);
  }

  private String quotedIdentifier() throws SqlError {
    StringBuilder text = new StringBuilder();
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c != '"') {
        text.append(c);
      } else if (at < sql.length() && sql.charAt(at) == '"') {
        text.append('"');
        at++;
      } else {
        return text.toString();
      }
    }
    throw new SqlError("42601", "unterminated quoted identifier");
  }

  private String dollarQuoted() throws SqlError {
    int tagEnd = sql.indexOf('$', at + 1);
    if (tagEnd < 0) {
      throw new SqlError("42601", "syntax error at or near \"$\"");
    }
    String tag = sql.substring(at, tagEnd + 1);
    int end = sql.indexOf(tag, tagEnd + 1);
    if (end < 0) {
      throw new SqlError("42601", "unterminated dollar-quoted string");
    }
    at = end + tag.length();
    return sql.substring(tagEnd + 1, end);
  }
}
