package io.penstock.sandbox.redshift.sql;

import java.util.List;

/** One statement: its text without the semicolon, and its tokens. Offsets are into the text. */
record Statement(String text, List<Token> tokens) {

  /** Whether the statement starts with these words. */
  boolean startsWith(String... words) {
    return matches(0, words);
  }

  /** Whether these words or symbols stand at the token index. */
  boolean matches(int index, String... words) {
    if (index < 0 || index + words.length > tokens.size()) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!tokens.get(index + i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  boolean contains(String... words) {
    for (int i = 0; i < tokens.size(); i++) {
      if (matches(i, words)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The index of the token that closes the parenthesis at {@code open}; the size where none does.
   */
  int closing(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).is("(")) {
        depth++;
      } else if (tokens.get(i).is(")")) {
        depth--;
        if (depth == 0) {
          return i;
        }
      }
    }
    return tokens.size();
  }

  /**
   * The first token from {@code from} that is this word outside of parentheses; else {@code to}.
   */
  int atTopLevel(int from, int to, String word) {
    int depth = 0;
    for (int i = from; i < to; i++) {
      if (matches(i, "(")) {
        depth++;
      } else if (matches(i, ")")) {
        depth--;
      } else if (depth == 0 && matches(i, word)) {
        return i;
      }
    }
    return to;
  }

  /** The index after a possibly qualified name that starts at {@code index}. */
  int afterName(int index) {
    int end = index + 1;
    while (matches(end, ".")) {
      end += 2;
    }
    return Math.min(end, tokens.size());
  }

  boolean isIdentifier(int index) {
    return index < tokens.size() && tokens.get(index).isIdentifier();
  }

  int size() {
    return tokens.size();
  }

  Token token(int index) {
    return tokens.get(index);
  }
}
