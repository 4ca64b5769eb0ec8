package io.penstock.sandbox.redshift.sql;

/**
 * A piece of a statement other than white space and comments.
 *
 * @param text as written
 * @param start offset of the first character in the statement's text
 */
record Token(Kind kind, String text, int start) {
  enum Kind {
    /** An unquoted identifier or a keyword. */
    WORD,
    /** An identifier in double quotes. */
    QUOTED,
    /**
     * A literal in single quotes, with its prefix letter where there is one, or in dollar quotes.
     */
    STRING,
    NUMBER,
    /** {@code $1} */
    PARAMETER,
    SYMBOL
  }

  int end() {
    return start + text.length();
  }

  boolean isIdentifier() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** The identifier, folded even when it is quoted. */
  String name() {
    String bare =
        kind == Kind.QUOTED ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
    return StoredName.fold(bare);
  }

  /** Whether this is the unquoted word, in any case. */
  boolean is(String word) {
    return kind == Kind.WORD ? text.equalsIgnoreCase(word) : symbol(word);
  }

  private boolean symbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }
}
