package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;

/** ALTER TABLE (AWS page of this name): one action per statement. */
final class TableChange {
  private final Statement statement;
  private final TableAttributes attributes;
  private final String head;
  private final int action;

  private TableChange(Statement statement) throws SqlError {
    this.statement = statement;
    int name = statement.matches(2, "if", "exists") ? 4 : 2;
    if (!statement.isIdentifier(name)) {
      throw Translator.syntaxError(statement.token(statement.size() - 1));
    }
    this.action = statement.afterName(name);
    if (action >= statement.size()) {
      throw Translator.syntaxError(statement.token(statement.size() - 1));
    }
    this.attributes = new TableAttributes(Expressions.name(statement.token(action - 1)));
    this.head = Expressions.rewrite(statement, 0, action) + " ";
  }

  static String translate(Statement statement) throws SqlError {
    return new TableChange(statement).translate();
  }

  private String translate() throws SqlError {
    if (statement.matches(action, "append")) {
      throw Translator.refused("ALTER TABLE APPEND");
    }
    int comma = statement.atTopLevel(action, statement.size(), ",");
    if (comma < statement.size()) {
      throw Translator.syntaxError(statement.token(comma));
    }
    if (statement.matches(action, "add")) {
      return add();
    }
    if (statement.matches(action, "alter")) {
      return alter();
    }
    if (statement.matches(action, "drop")
        || statement.matches(action, "rename")
        || statement.matches(action, "owner", "to")
        || statement.matches(action, "set", "schema")) {
      return head + Expressions.rewrite(statement, action, statement.size());
    }
    throw Translator.syntaxError(statement.token(action));
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
      return head + Expressions.rewrite(statement, action, statement.size());
    }
    int column = statement.matches(item, "column") ? item + 1 : item;
    if (column >= statement.size()) {
      throw Translator.syntaxError(statement.token(statement.size() - 1));
    }
    String definition = TableDefinition.column(statement, column, statement.size(), attributes);
    return head + "ADD COLUMN " + definition + attributes.comment();
  }

  private String alter() throws SqlError {
    int at = action + 1;
    if (statement.matches(at, "column") && statement.matches(at + 2, "type")) {
      return widen(at + 1);
    }
    if (statement.matches(at, "column") && statement.matches(at + 2, "encode")) {
      String column = Expressions.name(statement.token(at + 1));
      attributes.encoding(column, statement.token(statement.size() - 1).name());
      return head
          + "ALTER COLUMN "
          + Expressions.quote(column)
          + " SET STATISTICS -1"
          + attributes.comment();
    }
    if (statement.matches(at, "encode", "auto")) {
      return unchanged();
    }
    if (statement.matches(at, "diststyle")) {
      attributes.distributionStyle(StorageClauses.style(statement, at + 1));
      if (statement.matches(at + 2, "distkey")) {
        attributes.distributionKey(Expressions.name(statement.token(at + 3)));
      }
      return unchanged();
    }
    if (statement.matches(at, "distkey") && statement.isIdentifier(at + 1)) {
      attributes.distributionKey(Expressions.name(statement.token(at + 1)));
      return unchanged();
    }
    StorageClauses.sortKey(statement, at, attributes);
    return unchanged();
  }

  /** Redshift changes nothing of a column but the length of a VARCHAR. */
  private String widen(int column) throws SqlError {
    String name = Expressions.name(statement.token(column));
    ColumnTypes.Parsed type = ColumnTypes.parse(statement, column + 2, name);
    if (!type.type().startsWith("varchar")) {
      throw new SqlError(
          "0A000", "ALTER COLUMN TYPE is only supported for columns of type VARCHAR");
    }
    return head + "ALTER COLUMN " + Expressions.quote(name) + " TYPE " + type.type();
  }

  /** An action that PostgreSQL checks like any other and that changes nothing there. */
  private String unchanged() {
    return head + "SET (fillfactor = 100)" + attributes.comment();
  }
}
