package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;
import static io.penstock.common.schema.Identifiers.quoteAll;

import io.penstock.common.config.RedshiftDestination.Table;
import io.penstock.common.config.TableDesign;
import io.penstock.common.config.TableDesign.SortKey;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.TableCounter;
import io.penstock.common.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The SQL that makes, describes and changes the table of a load (Amazon Redshift Database Developer
 * Guide, "CREATE TABLE", "ALTER TABLE", "COMMENT" and "GRANT").
 */
public final class TargetStatements {
  private final Table table;
  private final List<Column> columns;
  private final TableDesign design;

  TargetStatements(Table table, List<Column> columns) {
    this.table = table;
    this.columns = columns;
    this.design = table.design();
  }

  /**
   * Creates the table; an error where there is one, so that no load takes another's for its own.
   */
  public SqlStatement create() {
    List<String> parts = new ArrayList<>();
    columns.forEach(column -> parts.add(definition(column)));
    if (!design.primaryKey().isEmpty()) {
      parts.add("PRIMARY KEY (" + quoteAll(design.primaryKey()) + ")");
    }
    return SqlStatement.of(
        "CREATE TABLE "
            + quote(table.name())
            + " ("
            + String.join(", ", parts)
            + ") DISTSTYLE "
            + design.distStyle().toUpperCase(Locale.ROOT)
            + design.distKey().map(key -> " DISTKEY (" + quote(key) + ")").orElse("")
            + design.sortKey().map(TargetStatements::clause).orElse(""));
  }

  private String definition(Column column) {
    boolean key =
        design.primaryKey().stream()
            .anyMatch(name -> Identifiers.fold(name).equals(Identifiers.fold(column.name())));
    String encoding = design.encodings().get(Identifiers.fold(column.name()));
    return LoadStatements.definition(column)
        + (key && column.nullable() ? " NOT NULL" : "")
        + (encoding == null ? "" : " ENCODE " + encoding.toUpperCase(Locale.ROOT));
  }

  private static String clause(SortKey key) {
    if (key instanceof SortKey.Auto) {
      return " SORTKEY AUTO";
    }
    String style = key instanceof SortKey.Interleaved ? "INTERLEAVED" : "COMPOUND";
    return " " + style + " SORTKEY (" + quoteAll(key.columns()) + ")";
  }

  /** The comments on a table that was created, and on its columns. */
  public List<SqlStatement> comments() {
    List<SqlStatement> comments = new ArrayList<>();
    design.comment().ifPresent(text -> comments.add(comment("TABLE " + quote(table.name()), text)));
    for (Column column : columns) {
      Optional.ofNullable(design.comments().get(Identifiers.fold(column.name())))
          .ifPresent(text -> comments.add(comment("COLUMN " + quoted(column), text)));
    }
    return List.copyOf(comments);
  }

  private String quoted(Column column) {
    return quote(table.name()) + "." + quote(column.name());
  }

  private static SqlStatement comment(String on, String text) {
    return SqlStatement.of("COMMENT ON " + on + " IS " + literal(text));
  }

  /**
   * The columns as the catalog knows them. Columns: column_name, data_type,
   * character_maximum_length, numeric_precision, numeric_scale, is_nullable, column_default; no row
   * where there is no such table.
   */
  public SqlStatement describe() {
    TableName name = table.name();
    return SqlStatement.of(
        "SELECT column_name, data_type, character_maximum_length, numeric_precision,"
            + " numeric_scale, is_nullable, column_default FROM svv_columns WHERE table_schema = "
            + literal(Identifiers.fold(name.schema()))
            + " AND table_name = "
            + literal(Identifiers.fold(name.name()))
            + " ORDER BY ordinal_position");
  }

  /** The names of the schema's tables that begin as those do that are made of this name. */
  public SqlStatement findNumbered() {
    String prefix = TableCounter.prefix(table.name().name());
    return SqlStatement.of(
        "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE n.nspname = "
            + literal(Identifiers.fold(table.name().schema()))
            + " AND SUBSTRING(c.relname, 1, "
            + prefix.codePointCount(0, prefix.length())
            + ") = "
            + literal(prefix));
  }

  /** Adds a column that takes NULL: rows that exist have no value for it. */
  public SqlStatement addColumn(Column column) {
    return SqlStatement.of(
        "ALTER TABLE "
            + quote(table.name())
            + " ADD COLUMN "
            + quote(column.name())
            + " "
            + column.type().ddl());
  }

  /**
   * Makes a VARCHAR column as long as the rows need it. Redshift refuses it within a transaction
   * block.
   */
  public SqlStatement widen(Column column) {
    return SqlStatement.of(
        "ALTER TABLE "
            + quote(table.name())
            + " ALTER COLUMN "
            + quote(column.name())
            + " TYPE "
            + RedshiftType.varchar(column.type().length()).ddl());
  }

  public List<SqlStatement> grants() {
    return table.grants().stream()
        .map(
            grant ->
                SqlStatement.of(
                    "GRANT "
                        + grant.privilege().toUpperCase(Locale.ROOT)
                        + " ON TABLE "
                        + quote(table.name())
                        + " TO "
                        + grantee(grant.to())))
        .toList();
  }

  /** {@code group g}, {@code role r} and {@code public} are the forms of GRANT; else a user. */
  private static String grantee(String to) {
    String folded = Identifiers.fold(to);
    if (folded.equals("public")) {
      return "PUBLIC";
    }
    if (folded.startsWith("group ")) {
      return "GROUP " + quote(to.substring("group ".length()).strip());
    }
    if (folded.startsWith("role ")) {
      return "ROLE " + quote(to.substring("role ".length()).strip());
    }
    return quote(to);
  }
}
