package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.List;

/**
 * ALTER TABLE (AWS page of this name): one action per statement, but for the combinations of
 * storage clauses that are documented.
 */
final class TableChange {
  private static final List<String> NOT_FOR_NEW_COLUMNS =
      List.of("unique", "primary", "references", "identity", "distkey", "sortkey");

  private final Statement statement;
  private final int size;
  private final TableAttributes attributes;
  private final String table;
  private final int action;

  private TableChange(Statement statement) throws SqlError {
    this.statement = statement;
    this.size = statement.size();
    if (!statement.isIdentifier(2)) {
      throw Translator.syntaxError(token(2));
    }
    this.action = statement.afterName(2);
    if (action >= size) {
      throw Translator.syntaxError(token(size));
    }
    this.attributes = new TableAttributes(Expressions.name(statement.token(action - 1)));
    this.table = Expressions.rewrite(statement, 2, action);
  }

  static Translation translate(Statement statement) throws SqlError {
    return new TableChange(statement).translate();
  }

  private Translation translate() throws SqlError {
    if (statement.matches(action, "append", "from")) {
      return append();
    }
    if (statement.matches(action, "alter", "column") && statement.matches(action + 3, "type")) {
      return widen(action + 2);
    }
    if (statement.matches(action, "alter")) {
      return Translator.pass(statement, storage());
    }
    int comma = statement.atTopLevel(action, size, ",");
    if (comma < size) {
      throw Translator.syntaxError(statement.token(comma));
    }
    if (statement.matches(action, "add")) {
      return Translator.pass(statement, add());
    }
    if (statement.matches(action, "drop")) {
      return drop();
    }
    if (statement.matches(action, "rename")) {
      return Translator.pass(statement, rename());
    }
    if (statement.matches(action, "owner", "to")) {
      return Translator.pass(statement, head() + Expressions.rewrite(statement, action, size));
    }
    throw Translator.syntaxError(statement.token(action));
  }

  private String head() {
    return "ALTER TABLE " + table + " ";
  }

  /** {@code APPEND FROM source [IGNOREEXTRA | FILLTARGET]}. */
  private Translation append() throws SqlError {
    int name = action + 2;
    if (!statement.isIdentifier(name)) {
      throw Translator.syntaxError(token(name));
    }
    int end = statement.afterName(name);
    boolean ignore = statement.matches(end, "ignoreextra");
    boolean fill = statement.matches(end, "filltarget");
    int rest = ignore || fill ? end + 1 : end;
    if (rest < size) {
      throw Translator.syntaxError(statement.token(rest));
    }
    String source = Expressions.rewrite(statement, name, end);
    return Translation.Steps.alone(
        statement.text(),
        "ALTER TABLE APPEND",
        "ALTER TABLE",
        "SELECT penstock_sandbox.append_rows("
            + Translator.literal(table)
            + ", "
            + Translator.literal(source)
            + ", "
            + ignore
            + ", "
            + fill
            + ")");
  }

  /** Redshift changes nothing of a column's type but the length of a VARCHAR. */
  private Translation widen(int column) throws SqlError {
    String name = Expressions.name(token(column));
    ColumnTypes.Parsed type = ColumnTypes.parse(statement, column + 2, name);
    if (type.end() < size) {
      throw Translator.syntaxError(statement.token(type.end()));
    }
    if (!type.type().startsWith("varchar(")) {
      throw new SqlError(
          "0A000", "ALTER COLUMN TYPE is only supported for columns of type VARCHAR");
    }
    String bytes = type.type().replaceAll("\\D", "");
    return Translation.Steps.alone(
        statement.text(),
        "ALTER TABLE ALTER COLUMN",
        "ALTER TABLE",
        check("check_resize", name, ", " + bytes),
        head() + "ALTER COLUMN " + Expressions.quote(name) + " TYPE " + type.type());
  }

  private String check(String function, String column, String more) {
    return "SELECT penstock_sandbox."
        + function
        + "("
        + Translator.literal(table)
        + ", "
        + Translator.literal(column)
        + more
        + ")";
  }

  private String add() throws SqlError {
    int item = action + 1;
    int kind = statement.matches(item, "constraint") ? item + 2 : item;
    if (statement.matches(kind, "foreign", "key")) {
      throw Translator.refused("ALTER TABLE ADD FOREIGN KEY");
    }
    if (statement.matches(kind, "check")) {
      throw Translator.syntaxError(statement.token(kind));
    }
    if (statement.matches(kind, "primary", "key") || statement.matches(kind, "unique", "(")) {
      return head() + Expressions.rewrite(statement, action, size);
    }
    int column = statement.matches(item, "column") ? item + 1 : item;
    if (column >= size) {
      throw Translator.syntaxError(token(size));
    }
    for (String word : NOT_FOR_NEW_COLUMNS) {
      int found = statement.atTopLevel(column + 1, size, word);
      if (found < size) {
        throw Translator.syntaxError(statement.token(found));
      }
    }
    boolean mayBeNull =
        statement.atTopLevel(column, size, "default") < size || !statement.contains("not", "null");
    if (!mayBeNull) {
      throw new SqlError(
          "0A000",
          "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression");
    }
    String definition = TableDefinition.column(statement, column, size, attributes);
    return head() + "ADD COLUMN " + definition + attributes.comment();
  }

  private Translation drop() throws SqlError {
    int item = action + 1;
    String sql = head() + Expressions.rewrite(statement, action, size);
    if (statement.matches(item, "constraint")) {
      return Translator.pass(statement, sql);
    }
    int column = statement.matches(item, "column") ? item + 1 : item;
    boolean ends =
        column == size - 1
            || (column == size - 2
                && (statement.matches(size - 1, "cascade")
                    || statement.matches(size - 1, "restrict")));
    if (!ends || !statement.isIdentifier(column)) {
      throw Translator.syntaxError(token(column));
    }
    String name = Expressions.name(statement.token(column));
    return Translation.Steps.within(
        statement.text(), "ALTER TABLE", check("check_drop", name, ""), sql);
  }

  private String rename() throws SqlError {
    String sql = head() + Expressions.rewrite(statement, action, size);
    if (statement.matches(action + 1, "to") && statement.isIdentifier(action + 2)) {
      if (statement.token(action + 2).name().startsWith("#")) {
        throw new SqlError("42602", "a permanent table cannot be renamed to a temporary name");
      }
      return sql;
    }
    int old = statement.matches(action + 1, "column") ? action + 2 : action + 1;
    if (!statement.isIdentifier(old)
        || !statement.matches(old + 1, "to")
        || !statement.isIdentifier(old + 2)
        || old + 3 < size) {
      throw Translator.syntaxError(token(old + 1));
    }
    attributes.renamed(
        Expressions.name(statement.token(old)), Expressions.name(statement.token(old + 2)));
    return sql + attributes.comment();
  }

  /** {@code ALTER DISTSTYLE|DISTKEY|SORTKEY|ENCODE|COLUMN … ENCODE}, several in a list. */
  private String storage() throws SqlError {
    int at = action;
    while (true) {
      if (!statement.matches(at, "alter")) {
        throw Translator.syntaxError(token(at));
      }
      at = storageClause(at + 1);
      if (at >= size) {
        return unchanged();
      }
      if (!statement.matches(at, ",")) {
        throw Translator.syntaxError(statement.token(at));
      }
      at++;
    }
  }

  /** Reads one clause and returns the index after it. */
  private int storageClause(int at) throws SqlError {
    if (statement.matches(at, "column") && statement.matches(at + 2, "encode") && at + 3 < size) {
      attributes.encoding(
          Expressions.name(statement.token(at + 1)), statement.token(at + 3).name());
      return at + 4;
    }
    if (statement.matches(at, "encode", "auto")) {
      return at + 2;
    }
    if (statement.matches(at, "diststyle")) {
      attributes.distributionStyle(StorageClauses.style(statement, at + 1));
      if (!statement.matches(at + 1, "key")) {
        return at + 2;
      }
      if (!statement.matches(at + 2, "distkey") || !statement.isIdentifier(at + 3)) {
        throw Translator.syntaxError(token(at + 2));
      }
      attributes.distributionKey(Expressions.name(statement.token(at + 3)));
      return at + 4;
    }
    if (statement.matches(at, "distkey") && statement.isIdentifier(at + 1)) {
      attributes.distributionKey(Expressions.name(statement.token(at + 1)));
      return at + 2;
    }
    if (statement.matches(at, "interleaved")) {
      throw Translator.syntaxError(statement.token(at));
    }
    return StorageClauses.sortKey(statement, at, attributes);
  }

  /** An action that PostgreSQL checks like any other and that changes nothing there. */
  private String unchanged() {
    return head() + "SET (fillfactor = 100)" + attributes.comment();
  }

  private Token token(int index) {
    return statement.token(Math.min(index, size - 1));
  }
}
