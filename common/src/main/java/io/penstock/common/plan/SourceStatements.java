package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The exact SQL with which a source is read (Amazon Redshift Database Developer Guide, "SELECT" and
 * "UNLOAD").
 */
public final class SourceStatements {
  /** What UNLOAD puts its manifest's name after. */
  public static final String MANIFEST = "manifest";

  /** A file is one task; a multiple of the 32 MB that UNLOAD rounds down to. */
  private static final String LARGEST_FILE = "128 MB";

  private final String from;

  public SourceStatements(Rows rows) {
    this.from =
        rows instanceof Rows.Table table
            ? quote(table.name())
            // a comment may end the query
            : "(" + ((Rows.Query) rows).sql().strip() + "\n) AS \"source\"";
  }

  private SourceStatements(String from) {
    this.from = from;
  }

  /** The statements of those rows alone that fulfil conditions. */
  public SourceStatements where(SourceFilter filter) {
    return filter.conditions().isEmpty()
        ? this
        : new SourceStatements(
            "(SELECT * FROM " + from + " WHERE " + filter.sql() + ") AS \"filtered\"");
  }

  /** Tries whether there is a server. */
  public static SqlStatement selectOne() {
    return SqlStatement.of("SELECT 1");
  }

  /** How many schemas the user can see. */
  public static SqlStatement countSchemas() {
    return SqlStatement.of("SELECT COUNT(*) FROM pg_catalog.pg_namespace");
  }

  /** No rows, with all columns. */
  public SqlStatement describe() {
    return SqlStatement.of("SELECT * FROM " + from + " WHERE FALSE");
  }

  /** Answers how many rows there are, and how wide, by the statistics. */
  public SqlStatement estimate() {
    return SqlStatement.of("EXPLAIN SELECT * FROM " + from);
  }

  public SqlStatement count() {
    return SqlStatement.of("SELECT COUNT(*) FROM " + from);
  }

  /**
   * @param columns none: as many rows, of a number
   */
  public SqlStatement select(List<SourceColumn> columns) {
    return SqlStatement.of(selection(columns, SourceStatements::value));
  }

  /** The rows that a predicate is true for. */
  public SqlStatement select(List<SourceColumn> columns, String predicate) {
    return SqlStatement.of(select(columns).sql() + " WHERE " + predicate);
  }

  /** Any rows, not more than so many. */
  public SqlStatement selectFirst(List<SourceColumn> columns, int limit) {
    return SqlStatement.of(select(columns).sql() + " LIMIT " + limit);
  }

  /** Values of a column between which there are about as many rows each, ascending, as text. */
  public SqlStatement limits(SourceColumn column, int ranges) {
    String name = quote(column.name());
    return SqlStatement.of(
        "SELECT CAST(MIN("
            + name
            + ") AS VARCHAR(64)) FROM (SELECT "
            + name
            + ", NTILE("
            + ranges
            + ") OVER (ORDER BY "
            + name
            + ") AS \"penstock_tile\" FROM "
            + from
            + " WHERE "
            + name
            + " IS NOT NULL) AS \"tiles\" WHERE \"penstock_tile\" > 1 GROUP BY \"penstock_tile\""
            + " ORDER BY \"penstock_tile\"");
  }

  /** One row for each range that has rows: its index and how many. */
  public SqlStatement countRanges(SourceRanges ranges) {
    return SqlStatement.of(
        "SELECT " + ranges.index() + " AS \"range\", COUNT(*) FROM " + from + " GROUP BY 1");
  }

  /**
   * Writes rows as Parquet files, and their manifest last.
   *
   * @param columns at least one
   * @param folder what the keys of all files begin with, and nothing else's do
   */
  public SqlStatement unload(
      List<SourceColumn> columns, StoreLocation.Bucket folder, CopyAuthorization authorization) {
    return unload(selection(columns, SourceStatements::unloaded), folder, authorization);
  }

  /** One row of one column, to try whether UNLOAD may write. */
  public static SqlStatement unloadOne(
      StoreLocation.Bucket folder, CopyAuthorization authorization) {
    return unload("SELECT 1 AS \"one\"", folder, authorization);
  }

  private static SqlStatement unload(
      String query, StoreLocation.Bucket folder, CopyAuthorization authorization) {
    String head = "UNLOAD (" + literal(query) + ") TO " + literal(folder + "/") + " ";
    String tail =
        " FORMAT AS PARQUET MANIFEST VERBOSE MAXFILESIZE "
            + LARGEST_FILE
            + " REGION "
            + literal(folder.access().region())
            + encryption(folder.access().encryption());
    return new SqlStatement(
        head + authorization.clause() + tail, head + authorization.redacted() + tail);
  }

  /** SSE-S3 is what UNLOAD does where nothing is said. */
  private static String encryption(Encryption encryption) {
    if (!(encryption instanceof Encryption.SseKms kms)) {
      return "";
    }
    return kms.keyId() == null
        ? " ENCRYPTED AUTO"
        : " KMS_KEY_ID " + literal(kms.keyId()) + " ENCRYPTED";
  }

  /** Rows that the session's latest UNLOAD wrote. */
  public static SqlStatement countUnloaded() {
    return SqlStatement.of("SELECT pg_last_unload_count()");
  }

  @FunctionalInterface
  private interface Expression {
    String of(SourceColumn column);
  }

  private String selection(List<SourceColumn> columns, Expression expression) {
    String list = columns.stream().map(expression::of).collect(Collectors.joining(", "));
    return "SELECT " + (list.isEmpty() ? "1" : list) + " FROM " + from;
  }

  private static String value(SourceColumn column) {
    String name = quote(column.name());
    if (column.time()) {
      return "CAST(" + name + " AS " + column.type().ddl() + ") AS " + name;
    }
    // the blanks that fill a CHAR up mean nothing, and not every reader gives them
    return column.type().kind() == Kind.CHAR ? "RTRIM(" + name + ") AS " + name : name;
  }

  /** A Parquet file of UNLOAD holds no VARBYTE. */
  private static String unloaded(SourceColumn column) {
    String name = quote(column.name());
    return column.type().kind() == Kind.VARBYTE
        ? "FROM_VARBYTE(" + name + ", 'hex') AS " + name
        : value(column);
  }
}
