package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.redshift.sql.StoredName;
import io.penstock.sandbox.redshift.sql.Translation;
import io.penstock.sandbox.redshift.sql.Translator;
import java.util.List;

/** What UNLOAD demands of its query. */
final class UnloadQuery {
  private UnloadQuery() {}

  /**
   * @throws SqlError if the query is no SELECT or limits its result at the outermost level
   */
  static void check(String query) throws SqlError {
    List<Token> tokens = Lexer.tokens(query);
    Token first = tokens.get(0);
    if (!first.is("SELECT") && !first.is("WITH") && !first.isSymbol('(')) {
      throw Tokens.syntaxError(first);
    }
    int depth = 0;
    for (Token token : tokens) {
      if (token.isSymbol('(')) {
        depth++;
      } else if (token.isSymbol(')')) {
        depth--;
      } else if (depth == 0 && token.is("LIMIT")) {
        throw new SqlError("0A000", "Limit clause is not supported");
      } else if (depth == 0 && token.isSymbol(';')) {
        throw new SqlError("42601", "UNLOAD takes one SELECT statement, without a semicolon");
      }
    }
  }

  /**
   * The query as the wire front would have PostgreSQL run it.
   *
   * @throws SqlError if the front refuses it
   */
  static String translate(String query) throws SqlError {
    List<Translation> statements = Translator.translate(query);
    if (statements.size() != 1
        || !(statements.get(0) instanceof Translation.Pass pass)
        || pass.sql().startsWith("SELECT penstock_sandbox.refuse(")) {
      throw new SqlError(
          "0A000",
          "The sandbox refuses the query of this UNLOAD",
          null,
          "Run the query by itself to see why.");
    }
    return toPostgres(pass.sql());
  }

  /** Folds quoted names and marks strings that hold backslash escapes. */
  static String toPostgres(String query) throws SqlError {
    StringBuilder translated = new StringBuilder();
    int copied = 0;
    for (Token token : Lexer.tokens(query)) {
      String replacement = replacement(token);
      if (!replacement.equals(token.source()) && token.kind() != Token.Kind.END) {
        translated.append(query, copied, token.position()).append(replacement);
        copied = token.position() + token.source().length();
      }
    }
    return translated.append(query.substring(copied)).toString();
  }

  private static String replacement(Token token) {
    return switch (token.kind()) {
      case QUOTED -> StoredName.fold(token.source());
      case STRING ->
          token.source().startsWith("'") && token.source().indexOf('\\') >= 0
              ? " E" + token.source()
              : token.source();
      default -> token.source();
    };
  }
}
