package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;
import static io.penstock.common.schema.Identifiers.quoteAll;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of one table of a sync's state: the keys of one sync (Amazon Redshift Database Developer
 * Guide, "COPY", "INSERT" and "TO_VARBYTE").
 */
public final class StateTableStatements {
  private final TableName table;
  private final List<Column> columns;
  private final String label;

  StateTableStatements(TableName table, List<Column> columns, String label) {
    this.table = table;
    this.columns = List.copyOf(columns);
    this.label = label;
  }

  /** The table that is filled before it takes the place of this one. */
  public StateTableStatements part() {
    return new StateTableStatements(
        new TableName(table.schema(), table.name() + "_part"), columns, label);
  }

  public TableName table() {
    return table;
  }

  public SqlStatement drop() {
    return SqlStatement.of("DROP TABLE IF EXISTS " + quote(table));
  }

  public SqlStatement create() {
    return SqlStatement.of(
        "CREATE TABLE "
            + quote(table)
            + " ("
            + String.join(", ", columns.stream().map(LoadStatements::definition).toList())
            + ") DISTSTYLE EVEN");
  }

  /** Makes the table known to {@link StateStatements#findKeys}. */
  public SqlStatement label() {
    return SqlStatement.of("COMMENT ON TABLE " + quote(table) + " IS " + literal(label));
  }

  public SqlStatement count() {
    return SqlStatement.of("SELECT COUNT(*) FROM " + quote(table));
  }

  public SqlStatement clear() {
    return SqlStatement.of("DELETE FROM " + quote(table));
  }

  /** Gives the table of this the name of another. */
  public SqlStatement renameTo(StateTableStatements other) {
    return SqlStatement.of(
        "ALTER TABLE " + quote(table) + " RENAME TO " + quote(other.table.name()));
  }

  /**
   * Fills the table from the files of a {@link StateStaging}; its statistics tell later reads how
   * large it is.
   */
  public SqlStatement copy(DeliveryPlan files, CopyAuthorization authorization) {
    StoreLocation.Bucket bucket = (StoreLocation.Bucket) files.location();
    OutputFormat.Text format = (OutputFormat.Text) files.format();
    String head =
        "COPY "
            + quote(table)
            + " ("
            + names()
            + ") FROM "
            + literal(bucket + "/" + files.manifest().orElseThrow())
            + " ";
    String tail =
        " FORMAT AS CSV NULL AS "
            + literal(format.dialect().nullText())
            + " GZIP MANIFEST DATEFORMAT 'auto' TIMEFORMAT 'auto' REGION "
            + literal(bucket.access().region())
            + " COMPUPDATE OFF STATUPDATE ON";
    return new SqlStatement(
        head + authorization.clause() + tail, head + authorization.redacted() + tail);
  }

  /** Rows that the session's latest COPY loaded. */
  public static SqlStatement countCopied() {
    return SqlStatement.of("SELECT pg_last_copy_count()");
  }

  private String names() {
    return quoteAll(columns.stream().map(Column::name).toList());
  }

  /**
   * @param rows as {@link #insertHead} is followed by
   */
  public SqlStatement insert(String rows) {
    return SqlStatement.of(insertHead() + rows);
  }

  /** What an INSERT begins with; rows of {@link #value} follow, between parentheses. */
  public String insertHead() {
    return "INSERT INTO " + quote(table) + " (" + names() + ") VALUES ";
  }

  /**
   * A value as an INSERT has it.
   *
   * @param text as Spark casts it in UTC, of a VARBYTE its hexadecimal digits; null for NULL
   * @throws IllegalArgumentException where the text holds the character NUL
   */
  public static String value(RedshiftType type, @Nullable String text) {
    if (text == null) {
      return "NULL";
    }
    return switch (type.kind()) {
      case BOOLEAN -> text;
      case CHAR, VARCHAR, SUPER -> literal(text);
      case VARBYTE -> "TO_VARBYTE(" + literal(text) + ", 'hex')";
      default -> "CAST(" + literal(text) + " AS " + type.ddl() + ")";
    };
  }
}
