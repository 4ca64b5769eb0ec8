package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.config.Application;
import io.penstock.common.config.Application.Operation;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableCounter;
import io.penstock.common.schema.TableName;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The SQL of the ledger: the table {@code runs} in the state schema, one row for each run and
 * destination. A row with status {@code succeeded} is written in the transaction that applies the
 * rows, so it exists exactly where they do.
 */
public final class LedgerStatements {

  /** Name of the ledger within the state schema. */
  public static final String TABLE = "runs";

  private static final String CREATE_NEW = "create-new";
  private static final int ERROR_BYTES = 4096;
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

  private final String stateSchema;
  private final String ledger;

  public LedgerStatements(String stateSchema) {
    this.stateSchema = stateSchema;
    this.ledger = quote(new TableName(stateSchema, TABLE));
  }

  public SqlStatement createStateSchema() {
    return SqlStatement.of("CREATE SCHEMA IF NOT EXISTS " + quote(stateSchema));
  }

  /** One row where the state schema exists; asks for no privilege, unlike creating it. */
  public SqlStatement findStateSchema() {
    return CatalogStatements.findSchema(stateSchema);
  }

  /** One row where the ledger exists; asks for no privilege, unlike creating it. */
  public SqlStatement findLedger() {
    return CatalogStatements.findTable(new TableName(stateSchema, TABLE));
  }

  /** The names of the tables of the state schema with this comment. */
  public SqlStatement findStages(String label) {
    return SqlStatement.of(
        "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            + " ON n.oid = c.relnamespace JOIN pg_catalog.pg_description d"
            + " ON d.objoid = c.oid AND d.objsubid = 0 WHERE n.nspname = "
            + literal(Identifiers.fold(stateSchema))
            + " AND d.description = "
            + literal(label));
  }

  /** Drops a table of the state schema. */
  public SqlStatement dropTable(String name) {
    return SqlStatement.of("DROP TABLE IF EXISTS " + quote(new TableName(stateSchema, name)));
  }

  public SqlStatement createLedger() {
    return SqlStatement.of(
        "CREATE TABLE IF NOT EXISTS "
            + ledger
            + " ("
            + String.join(
                ", ",
                List.of(
                    "\"job\" VARCHAR(63) NOT NULL",
                    "\"destination\" VARCHAR(255) NOT NULL",
                    "\"run_id\" VARCHAR(255) NOT NULL",
                    "\"status\" VARCHAR(32) NOT NULL",
                    "\"started_at\" TIMESTAMPTZ NOT NULL",
                    "\"ended_at\" TIMESTAMPTZ NOT NULL",
                    "\"rows\" BIGINT NOT NULL",
                    "\"table\" VARCHAR(511) NOT NULL",
                    "\"operation\" VARCHAR(32) NOT NULL",
                    "\"rows_inserted\" BIGINT",
                    "\"rows_updated\" BIGINT",
                    "\"rows_deleted\" BIGINT",
                    "\"error_code\" VARCHAR(127)",
                    "\"error_message\" VARCHAR(" + ERROR_BYTES + ")"))
            + ")");
  }

  /**
   * Serializes the runs that share a ledger until the transaction ends. To be the first statement
   * of the transaction: the snapshot that later statements see is taken after the lock is held.
   */
  public SqlStatement lock() {
    return SqlStatement.of("LOCK " + ledger);
  }

  /**
   * Finds whether this run was applied. Columns: status, started_at, ended_at, rows, table,
   * operation, rows_inserted, rows_updated, rows_deleted; no row where it was not.
   */
  public SqlStatement findApplied(RunContext run, String destination) {
    return SqlStatement.of(
        "SELECT \"status\", \"started_at\", \"ended_at\", \"rows\", \"table\", \"operation\","
            + " \"rows_inserted\", \"rows_updated\", \"rows_deleted\" FROM "
            + ledger
            + where(run, destination)
            + " AND \"status\" = "
            + literal(RunStatus.SUCCEEDED.text()));
  }

  /**
   * The names, within their schema, of the tables that runs with {@code operation = create-new}
   * made of a name; others may be among them. Tables that were dropped since are included.
   */
  public SqlStatement findCreated(TableName base) {
    String prefix = base.schema() + "." + TableCounter.prefix(base.name());
    int schema = (base.schema() + ".").codePointCount(0, base.schema().length() + 1);
    return SqlStatement.of(
        "SELECT SUBSTRING(\"table\", "
            + (schema + 1)
            + ", 127) FROM "
            + ledger
            + " WHERE \"operation\" = "
            + literal(CREATE_NEW)
            + " AND \"status\" = "
            + literal(RunStatus.SUCCEEDED.text())
            + " AND SUBSTRING(LOWER(\"table\"), 1, "
            + prefix.codePointCount(0, prefix.length())
            + ") = LOWER("
            + literal(prefix)
            + ")");
  }

  /** The word of the ledger for what a destination does. */
  public static String operation(Application application) {
    return application.operation() == Operation.CREATE_NEW
        ? CREATE_NEW
        : application.write().name().toLowerCase(Locale.ROOT);
  }

  /** What the ledger calls an attempt of a sync; no run id has a slash. */
  static String runId(RunContext run, long sync) {
    return run.runId() + "/" + sync;
  }

  /** The run that a row of the ledger belongs to. */
  public static String runOf(String ledgerRunId) {
    int slash = ledgerRunId.indexOf('/');
    return slash < 0 ? ledgerRunId : ledgerRunId.substring(0, slash);
  }

  /** Removes what an earlier attempt of this run recorded; to precede {@link #insert}. */
  public SqlStatement delete(RunContext run, String destination) {
    return SqlStatement.of("DELETE FROM " + ledger + where(run, destination));
  }

  /** Records a run. */
  public SqlStatement insert(RunContext run, String destination, LedgerEntry entry) {
    LoadResult load = entry.load();
    List<String> values =
        List.of(
            literal(run.job()),
            literal(destination),
            literal(run.runId()),
            literal(entry.status().text()),
            timestamp(entry.startedAt()),
            timestamp(entry.endedAt()),
            Long.toString(entry.rows()),
            literal(load.table()),
            literal(load.operation()),
            number(load.rowsInserted()),
            number(load.rowsUpdated()),
            number(load.rowsDeleted()),
            entry.error().map(error -> literal(error.code())).orElse("NULL"),
            entry.error().map(error -> literal(shortened(error.message()))).orElse("NULL"));
    return SqlStatement.of(
        "INSERT INTO "
            + ledger
            + " (\"job\", \"destination\", \"run_id\", \"status\", \"started_at\", \"ended_at\","
            + " \"rows\", \"table\", \"operation\", \"rows_inserted\", \"rows_updated\","
            + " \"rows_deleted\", \"error_code\", \"error_message\") VALUES ("
            + String.join(", ", values)
            + ")");
  }

  /**
   * The latest runs of a job, newest first. Columns: run_id, destination, status, started_at,
   * ended_at, rows, table, operation, rows_inserted, rows_updated, rows_deleted, error_code,
   * error_message.
   */
  public SqlStatement history(String job, int limit) {
    return SqlStatement.of(
        "SELECT \"run_id\", \"destination\", \"status\", \"started_at\", \"ended_at\", \"rows\","
            + " \"table\", \"operation\", \"rows_inserted\", \"rows_updated\", \"rows_deleted\","
            + " \"error_code\", \"error_message\" FROM "
            + ledger
            + " WHERE \"job\" = "
            + literal(job)
            + " ORDER BY \"started_at\" DESC LIMIT "
            + limit);
  }

  private static String where(RunContext run, String destination) {
    return " WHERE \"job\" = "
        + literal(run.job())
        + " AND \"destination\" = "
        + literal(destination)
        + " AND \"run_id\" = "
        + literal(run.runId());
  }

  private static String timestamp(Instant instant) {
    return literal(INSTANT.format(instant));
  }

  private static String number(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "NULL";
  }

  /** As many whole characters as the column holds; NUL, which no literal holds, is dropped. */
  private static String shortened(String message) {
    String text = message.replace("\0", "");
    ByteBuffer bytes = ByteBuffer.allocate(ERROR_BYTES);
    CharBuffer characters = CharBuffer.wrap(text);
    StandardCharsets.UTF_8.newEncoder().encode(characters, bytes, true);
    return text.substring(0, characters.position());
  }
}
