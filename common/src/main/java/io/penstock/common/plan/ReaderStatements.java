package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.List;

/**
 * The SQL that lets another user read a table (Amazon Redshift Database Developer Guide, "GRANT",
 * "HAS_SCHEMA_PRIVILEGE", "HAS_TABLE_PRIVILEGE").
 */
public final class ReaderStatements {
  private final TableName table;
  private final String reader;

  public ReaderStatements(TableName table, String reader) {
    this.table = table;
    this.reader = reader;
  }

  /**
   * A privilege that the reader needs.
   *
   * @param held answers whether the reader has it; an error where the user or the table is not
   *     there
   */
  public record Privilege(String name, SqlStatement held, SqlStatement grant) {}

  /** One row where there is such a user. */
  public SqlStatement findReader() {
    return CatalogStatements.findUser(reader);
  }

  /** One row where there is such a table; asks for no privilege. */
  public SqlStatement findTable() {
    return CatalogStatements.findTable(table);
  }

  /** What has to be held, in the order to grant it. */
  public List<Privilege> privileges() {
    return List.of(usage(), select());
  }

  /** To look up tables in the schema. */
  public Privilege usage() {
    return new Privilege(
        "USAGE",
        held("has_schema_privilege", Identifiers.fold(table.schema()), "usage"),
        SqlStatement.of("GRANT USAGE ON SCHEMA " + quote(table.schema()) + " TO " + quote(reader)));
  }

  /** To read the table. */
  public Privilege select() {
    return new Privilege(
        "SELECT",
        held("has_table_privilege", quote(table), "select"),
        SqlStatement.of("GRANT SELECT ON TABLE " + quote(table) + " TO " + quote(reader)));
  }

  private SqlStatement held(String function, String object, String privilege) {
    return SqlStatement.of(
        "SELECT "
            + function
            + "("
            + literal(Identifiers.fold(reader))
            + ", "
            + literal(object)
            + ", "
            + literal(privilege)
            + ")");
  }

  /** Reads the table's first row, to be sent as the reader. */
  public SqlStatement read() {
    return SqlStatement.of("SELECT * FROM " + quote(table) + " LIMIT 1");
  }
}
