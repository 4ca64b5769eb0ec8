package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.Set;

/**
 * MERGE (AWS page of this name): both WHEN clauses without conditions, or REMOVE DUPLICATES, over
 * equal predicates. PostgreSQL's MERGE does the rest; the command tag has no count.
 */
final class Merge {
  private static final Set<String> OTHER_PREDICATES =
      Set.of("or", "not", "is", "like", "in", "between", "exists", "<", ">", "!", "~");

  private final Statement statement;
  private final int size;

  private String target = "";
  private String source = "";
  private String alias = "";
  private int at;

  private Merge(Statement statement) {
    this.statement = statement;
    this.size = statement.size();
  }

  static Translation translate(Statement statement) throws SqlError {
    return new Merge(statement).translate();
  }

  private Translation translate() throws SqlError {
    expect(1, "into");
    target = name(2);
    expect(at, "using");
    if (statement.matches(at + 1, "(")) {
      throw Translator.refused("MERGE from a subquery");
    }
    source = name(at + 1);
    alias();
    expect(at, "on");
    int condition = at + 1;
    at = conditionEnd(condition);
    checkCondition(condition, at);
    for (int i = 0; i < size; i++) {
      if (statement.matches(i, "[")) {
        throw new SqlError(
            "0A000", "Partial reference of SUPER column is not supported in MERGE statement");
      }
    }
    String check = call("check_merge");
    if (statement.matches(at, "remove", "duplicates")) {
      end(at + 2);
      String written = Expressions.rewrite(statement, condition, at);
      return Translation.Steps.within(
          statement.text(), "MERGE", check, call("merge_rows", alias, written));
    }
    checkClauses();
    String head = "MERGE INTO " + target + " USING " + source + (alias.isEmpty() ? "" : " AS ");
    String merge = head + alias + " ON " + Expressions.rewrite(statement, condition, size);
    return Translation.Steps.within(statement.text(), "MERGE", check, merge);
  }

  private String call(String function, String... more) {
    StringBuilder call = new StringBuilder("SELECT penstock_sandbox.").append(function).append('(');
    call.append(Translator.literal(target)).append(", ").append(Translator.literal(source));
    for (String argument : more) {
      call.append(", ").append(Translator.literal(argument));
    }
    return call.append(')').toString();
  }

  private String name(int start) throws SqlError {
    if (!statement.isIdentifier(start)) {
      throw Translator.syntaxError(token(start));
    }
    at = statement.afterName(start);
    return Expressions.rewrite(statement, start, at);
  }

  private void alias() throws SqlError {
    if (statement.matches(at, "as")) {
      at++;
    } else if (statement.matches(at, "on")) {
      return;
    }
    if (!statement.isIdentifier(at)) {
      throw Translator.syntaxError(token(at));
    }
    alias = Expressions.quote(Expressions.name(statement.token(at)));
    at++;
  }

  private int conditionEnd(int from) throws SqlError {
    for (int i = from; i < size; i++) {
      if (statement.matches(i, "when", "matched")
          || statement.matches(i, "when", "not", "matched")
          || statement.matches(i, "remove", "duplicates")) {
        return i;
      }
    }
    throw Translator.syntaxError(token(size));
  }

  /** {@code a = b [AND …]}, in any number of parentheses. */
  private void checkCondition(int from, int to) throws SqlError {
    if (from >= to) {
      throw Translator.syntaxError(token(from));
    }
    int and = statement.atTopLevel(from, to, "and");
    if (and < to) {
      checkCondition(from, and);
      checkCondition(and + 1, to);
    } else if (statement.matches(from, "(") && statement.closing(from) == to - 1) {
      checkCondition(from + 1, to - 1);
    } else {
      checkPredicate(from, to);
    }
  }

  private void checkPredicate(int from, int to) throws SqlError {
    int equals = 0;
    int depth = 0;
    for (int i = from; i < to; i++) {
      Token token = statement.token(i);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth > 0) {
        continue;
      }
      equals += token.is("=") ? 1 : 0;
      if (OTHER_PREDICATES.stream().anyMatch(token::is)) {
        throw Translator.refused("a MERGE condition other than equal predicates");
      }
    }
    if (equals != 1) {
      throw Translator.refused("a MERGE condition other than equal predicates");
    }
  }

  private void checkClauses() throws SqlError {
    expect(at, "when", "matched", "then");
    int matched = at + 3;
    int not = size;
    for (int i = size - 1; i > matched; i--) {
      if (statement.matches(i, "when", "not", "matched")) {
        not = i;
      }
    }
    if (statement.matches(matched, "delete")) {
      not = matched + 1;
    } else {
      expect(matched, "update", "set");
    }
    expect(not, "when", "not", "matched", "then", "insert");
    int values = not + 5;
    if (statement.matches(values, "(")) {
      values = statement.closing(values) + 1;
    }
    expect(values, "values", "(");
    end(statement.closing(values + 1) + 1);
  }

  private void expect(int index, String... words) throws SqlError {
    for (int i = 0; i < words.length; i++) {
      if (!statement.matches(index + i, words[i])) {
        throw Translator.syntaxError(token(index + i));
      }
    }
  }

  private void end(int index) throws SqlError {
    if (index < size) {
      throw Translator.syntaxError(statement.token(index));
    }
  }

  private Token token(int index) {
    return statement.token(Math.min(index, size - 1));
  }
}
