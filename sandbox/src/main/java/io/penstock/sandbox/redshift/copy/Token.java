package io.penstock.sandbox.redshift.copy;

import java.util.Locale;

/**
 * One lexical element of a COPY or UNLOAD statement.
 *
 * @param text what it means: a quoted identifier without its quotes, a string without its escapes
 * @param source what was written
 * @param position index of its first character in the statement
 */
record Token(Kind kind, String text, String source, int position) {
  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SYMBOL,
    END
  }

  /** Whether this is the unquoted keyword {@code word}, which is upper case. */
  boolean is(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(0) == symbol;
  }

  /** The word in upper case, as options are named. */
  String keyword() {
    return text.toUpperCase(Locale.ROOT);
  }
}
