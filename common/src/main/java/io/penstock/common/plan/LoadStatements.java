package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;
import static io.penstock.common.schema.Identifiers.quoteAll;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.TableDesign;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.sync.RowOperation;
import java.util.ArrayList;
import java.util.List;

/**
 * The exact SQL of a load (Amazon Redshift Database Developer Guide, "CREATE TABLE" and "COPY").
 * {@link LoadScript} has it in the order of one transaction.
 */
public final class LoadStatements {
  /** Rows that a COPY passes over at most. */
  public static final long MOST_REFUSED = 99_999;

  private final LoadPlan plan;
  private final List<Column> columns;
  private final LedgerStatements ledger;

  /**
   * @param columns of the rows after mapping, in the order in which they are staged
   */
  public LoadStatements(LoadPlan plan, List<Column> columns) {
    this.plan = plan;
    this.columns = List.copyOf(columns);
    this.ledger = new LedgerStatements(plan.destination().stateSchema());
  }

  /** The statements that make and change the target. */
  public TargetStatements target() {
    return new TargetStatements(plan.destination().table(), columns);
  }

  /** The statements that apply the stage table to the target. */
  public ApplyStatements apply() {
    return new ApplyStatements(plan, columns);
  }

  /** The statements of the state schema that are not of this load alone. */
  public LedgerStatements ledger() {
    return ledger;
  }

  public SqlStatement createStateSchema() {
    return ledger.createStateSchema();
  }

  public SqlStatement createLedger() {
    return ledger.createLedger();
  }

  /** The first statement of the transaction; see {@link LedgerStatements#lock}. */
  public SqlStatement lockLedger() {
    return ledger.lock();
  }

  /** See {@link LedgerStatements#findApplied}. */
  public SqlStatement findApplied() {
    return ledger.findApplied(plan.run(), plan.destination().name());
  }

  /** Removes what an earlier attempt of this run recorded. */
  public SqlStatement deleteLedgerRow() {
    return ledger.delete(plan.run(), plan.destination().name());
  }

  public SqlStatement insertLedgerRow(LedgerEntry entry) {
    return ledger.insert(plan.run(), plan.destination().name(), entry);
  }

  /** The columns of the stage, in the order in which rows are staged. */
  public List<Column> stageColumns() {
    if (!plan.deletesByOperation()) {
      return columns;
    }
    // a row that is gone has its keys and no more
    List<Column> staged = new ArrayList<>();
    columns.forEach(c -> staged.add(new Column(c.name(), c.type(), true, c.pii())));
    staged.add(new Column(RowOperation.COLUMN, RedshiftType.varchar(8), false, false));
    return List.copyOf(staged);
  }

  /** Creates the stage table with the columns of the rows, whatever the target has. */
  public SqlStatement createStage() {
    String distribution =
        design().distKey().map(key -> "KEY DISTKEY (" + quote(key) + ")").orElse("EVEN");
    return SqlStatement.of(
        "CREATE TABLE "
            + quote(plan.stageTable())
            + " ("
            + String.join(", ", stageColumns().stream().map(LoadStatements::definition).toList())
            + ") DISTSTYLE "
            + distribution);
  }

  /** Marks the stage table for {@link LedgerStatements#findStages}. */
  public SqlStatement labelStage(String label) {
    return SqlStatement.of(
        "COMMENT ON TABLE " + quote(plan.stageTable()) + " IS " + literal(label));
  }

  public SqlStatement dropStage() {
    return SqlStatement.of("DROP TABLE IF EXISTS " + quote(plan.stageTable()));
  }

  /**
   * Fills the stage table from the staged files' manifest.
   *
   * @param refusable how many rows COPY may refuse; it passes over {@link #MOST_REFUSED} at most
   * @throws IllegalStateException where the transport stages the rows itself
   */
  public SqlStatement copy(CopyAuthorization authorization, long refusable) {
    DeliveryPlan staging =
        plan.staging().orElseThrow(() -> new IllegalStateException("no staging is planned"));
    String head =
        "COPY "
            + quote(plan.stageTable())
            + " ("
            + quoteAll(columnNames())
            + ") FROM "
            + literal(manifestAddress(staging))
            + " ";
    String tail = " " + copyOptions(staging) + maxError(staging, refusable);
    return new SqlStatement(
        head + authorization.clause() + tail, head + authorization.redacted() + tail);
  }

  /**
   * MAXERROR is the number of errors that fails a load, up to 100,000; left out, the first one does
   * (Amazon Redshift Database Developer Guide, "Data load operations").
   */
  private static String maxError(DeliveryPlan staging, long refusable) {
    boolean text =
        staging.format() instanceof OutputFormat.Text
            || staging.format() instanceof OutputFormat.Ndjson;
    return text && refusable > 0 ? " MAXERROR " + (Math.min(refusable, MOST_REFUSED) + 1) : "";
  }

  /** Rows that the session's latest COPY loaded; to follow {@link #copy} in the same session. */
  public SqlStatement countCopied() {
    return SqlStatement.of("SELECT pg_last_copy_count()");
  }

  /** The id of the session's latest query, to follow {@link #copy} in the same session. */
  public SqlStatement lastQuery() {
    return SqlStatement.of("SELECT pg_last_query_id()");
  }

  public SqlStatement countStage() {
    return SqlStatement.of("SELECT COUNT(*) FROM " + quote(plan.stageTable()));
  }

  public List<SqlStatement> preSql() {
    return plan.destination().application().preSql().stream().map(SqlStatement::of).toList();
  }

  public List<SqlStatement> postSql() {
    return plan.destination().application().postSql().stream().map(SqlStatement::of).toList();
  }

  private TableDesign design() {
    return plan.destination().table().design();
  }

  private List<String> columnNames() {
    return stageColumns().stream().map(Column::name).toList();
  }

  /** A column as CREATE TABLE writes it. */
  static String definition(Column column) {
    return quote(column.name())
        + " "
        + column.type().ddl()
        + (column.nullable() ? "" : " NOT NULL");
  }

  private String copyOptions(DeliveryPlan staging) {
    StringBuilder options = new StringBuilder(formatClause(staging.format()));
    Encoding encoding = staging.packing().encoding();
    if (encoding == Encoding.GZIP || encoding == Encoding.ZSTD) {
      options.append(' ').append(encoding.name());
    }
    options.append(" MANIFEST");
    if (staging.format() instanceof OutputFormat.Parquet) {
      // COPY from a columnar format takes neither a region nor COMPUPDATE nor date formats.
      return options.append(" STATUPDATE OFF").toString();
    }
    return options
        .append(" DATEFORMAT 'auto' TIMEFORMAT 'auto' REGION ")
        .append(literal(region(plan.destination())))
        .append(" COMPUPDATE OFF STATUPDATE OFF")
        .toString();
  }

  private String formatClause(OutputFormat format) {
    String matching = foldsNames() ? "'auto ignorecase'" : "'auto'";
    if (format instanceof OutputFormat.Text text) {
      return "FORMAT AS CSV NULL AS " + literal(text.dialect().nullText());
    }
    if (format instanceof OutputFormat.Parquet) {
      return "FORMAT AS PARQUET";
    }
    if (format instanceof OutputFormat.Avro) {
      // without it, text that is COPY's default null text would be NULL; JSON takes no such option
      return "FORMAT AS AVRO "
          + matching
          + " NULL AS "
          + literal("@" + plan.stageTable().name() + "@");
    }
    return "FORMAT AS JSON " + matching;
  }

  private boolean foldsNames() {
    return columns.stream().anyMatch(c -> !Identifiers.fold(c.name()).equals(c.name()));
  }

  private static String region(RedshiftDestination destination) {
    return destination.staging().location().access().region();
  }

  private static String manifestAddress(DeliveryPlan staging) {
    if (!(staging.location() instanceof StoreLocation.Bucket bucket)) {
      throw new IllegalStateException("COPY reads from a bucket only");
    }
    String key = staging.manifest().orElseThrow();
    return bucket + "/" + key;
  }
}
