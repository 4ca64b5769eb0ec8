package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites what may stand anywhere in a statement: quoted names are folded, functions that
 * PostgreSQL writes otherwise are exchanged. White space and comments stay.
 */
final class Expressions {
  private static final Set<String> WITH_DATE_PART =
      Set.of("dateadd", "date_add", "datediff", "date_diff", "date_part", "pgdate_part");

  private static final Map<String, String> FUNCTIONS =
      Map.of("nvl", "coalesce", "isnull", "coalesce", "json_serialize", "super_serialize");

  private final Statement statement;
  private final StringBuilder out = new StringBuilder();

  private Expressions(Statement statement) {
    this.statement = statement;
  }

  static String rewrite(Statement statement) throws SqlError {
    return statement.text().substring(0, statement.token(0).start())
        + rewrite(statement, 0, statement.size())
        + statement.text().substring(statement.token(statement.size() - 1).end());
  }

  /** The text of the tokens from {@code from} to before {@code to}. */
  static String rewrite(Statement statement, int from, int to) throws SqlError {
    if (from >= to) {
      return "";
    }
    Expressions expressions = new Expressions(statement);
    expressions.run(from, to);
    return expressions.out.toString();
  }

  /** A name as PostgreSQL keeps it. */
  static String name(Token token) throws SqlError {
    return StoredName.of(token.name());
  }

  static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private void run(int from, int to) throws SqlError {
    int i = from;
    while (i < to) {
      if (i > from) {
        gap(statement.token(i - 1), statement.token(i));
      }
      i = one(i, to);
    }
  }

  /** Redshift reads {@code 1WHEN} as two tokens, PostgreSQL refuses it. */
  private void gap(Token before, Token after) {
    if (before.end() == after.start()
        && before.kind() == Token.Kind.NUMBER
        && after.kind() == Token.Kind.WORD) {
      out.append(' ');
    }
    out.append(statement.text(), before.end(), after.start());
  }

  /** Writes the token at {@code i}, and those that belong to it; returns the index after them. */
  private int one(int i, int to) throws SqlError {
    Token token = statement.token(i);
    if (token.kind() == Token.Kind.QUOTED) {
      out.append(quote(name(token)));
      return i + 1;
    }
    if (token.kind() != Token.Kind.WORD) {
      out.append(token.text());
      return i + 1;
    }
    String word = name(token);
    if (word.startsWith("#") || !word.equals(token.name())) {
      out.append(quote(word));
      return i + 1;
    }
    boolean qualified = statement.matches(i - 1, ".");
    boolean call = statement.matches(i + 1, "(");
    if (!qualified && call) {
      return function(i, word, to);
    }
    if (!qualified && word.equals("sysdate")) {
      out.append("sysdate()");
    } else if (!qualified && word.equals("minus") && startsQuery(i + 1)) {
      out.append("EXCEPT");
    } else {
      out.append(token.text());
    }
    return i + 1;
  }

  private boolean startsQuery(int i) {
    return statement.matches(i, "select") || statement.matches(i, "(", "select");
  }

  private int function(int i, String word, int to) throws SqlError {
    if (isVarchar(word) && statement.matches(i + 1, "(", "max", ")")) {
      out.append(word.equals("nvarchar") ? "varchar" : statement.token(i).text()).append("(65535)");
      return i + 4;
    }
    if (WITH_DATE_PART.contains(word) && statement.isIdentifier(i + 2)) {
      out.append(word).append("('").append(name(statement.token(i + 2))).append('\'');
      return i + 3;
    }
    if (word.equals("listagg")) {
      return listAggregate(i, to);
    }
    out.append(FUNCTIONS.getOrDefault(word, statement.token(i).text()));
    return i + 1;
  }

  private static boolean isVarchar(String word) {
    return List.of("varchar", "nvarchar", "varying").contains(word.toLowerCase(Locale.ROOT));
  }

  /** {@code LISTAGG([DISTINCT] a [, b]) [WITHIN GROUP (ORDER BY …)]} is string_agg. */
  private int listAggregate(int i, int to) throws SqlError {
    int close = statement.closing(i + 1);
    if (close >= to) {
      throw Translator.syntaxError(statement.token(i));
    }
    int start = i + 2;
    out.append("string_agg(");
    if (statement.matches(start, "distinct")) {
      out.append("DISTINCT ");
      start++;
    }
    int comma = statement.atTopLevel(start, close, ",");
    out.append('(').append(rewrite(statement, start, comma)).append(")::text, ");
    out.append(comma < close ? rewrite(statement, comma + 1, close) : "''");
    int end = close + 1;
    if (statement.matches(end, "within", "group", "(")) {
      int orderEnd = statement.closing(end + 2);
      out.append(' ').append(rewrite(statement, end + 3, orderEnd));
      end = orderEnd + 1;
    }
    out.append(')');
    return end;
  }
}
