package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.redshift.sql.StoredName;
import java.util.List;
import java.util.function.Predicate;

/** Reads a statement token by token; what does not fit is PostgreSQL's syntax error 42601. */
final class Tokens {
  private final List<Token> tokens;
  private int at;

  Tokens(String sql) throws SqlError {
    this.tokens = Lexer.tokens(sql);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  boolean accept(String word) {
    if (peek().is(word)) {
      at++;
      return true;
    }
    return false;
  }

  boolean accept(char symbol) {
    if (peek().isSymbol(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(String word) throws SqlError {
    if (!accept(word)) {
      throw syntaxError(peek());
    }
  }

  void expect(char symbol) throws SqlError {
    if (!accept(symbol)) {
      throw syntaxError(peek());
    }
  }

  boolean atString() {
    return peek().kind() == Token.Kind.STRING;
  }

  /** A string, after an optional AS. */
  String string() throws SqlError {
    accept("AS");
    if (!atString()) {
      throw syntaxError(peek());
    }
    return next().text();
  }

  /** A string that is an address in S3; no AS before it. */
  S3Location location() throws SqlError {
    if (!atString()) {
      throw syntaxError(peek());
    }
    return S3Location.parse(string());
  }

  /**
   * The word of an option. {@code FORMAT [AS]} before the word of a format changes nothing.
   *
   * @param formats the words that may follow FORMAT
   */
  Token option(Predicate<String> formats) throws SqlError {
    Token word = next();
    if (!word.keyword().equals("FORMAT")) {
      return word;
    }
    accept("AS");
    Token format = next();
    if (!formats.test(format.keyword())) {
      throw syntaxError(format);
    }
    return format;
  }

  /** A whole number, after an optional AS; some drivers quote it. */
  long number() throws SqlError {
    accept("AS");
    Token token = next();
    if (token.kind() != Token.Kind.NUMBER && token.kind() != Token.Kind.STRING) {
      throw syntaxError(token);
    }
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw syntaxError(token);
    }
  }

  /**
   * An identifier as PostgreSQL keeps it, folded also when it is quoted, as Redshift does by
   * default.
   */
  String identifier() throws SqlError {
    Token token = next();
    if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.QUOTED) {
      throw syntaxError(token);
    }
    return StoredName.of(StoredName.fold(token.text()));
  }

  /** The end of the statement, after an optional semicolon. */
  void end() throws SqlError {
    accept(';');
    if (peek().kind() != Token.Kind.END) {
      throw syntaxError(peek());
    }
  }

  static SqlError syntaxError(Token token) {
    return new SqlError(
        "42601",
        token.kind() == Token.Kind.END
            ? "syntax error at end of input"
            : "syntax error at or near \"" + token.source() + "\"");
  }
}
