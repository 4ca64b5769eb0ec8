package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.run.SyncResult;
import io.penstock.common.run.SyncResultJson;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The SQL of a sync's state in a schema of Redshift. All tables of a job begin with {@link #head};
 * a job name has no underscore, so that no two jobs share one.
 */
public final class StateStatements {
  /** Of a text in one row: three bytes each at most, so that VARCHAR(65535) holds them. */
  private static final int PART_LENGTH = 16_000;

  private static final int TEXT_BYTES = 65_535;
  private static final int REASON_BYTES = 4_096;
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

  private final String schema;
  private final String job;

  public StateStatements(String schema, String job) {
    this.schema = schema;
    this.job = job;
  }

  /** What the names of the job's tables begin with. */
  public String head() {
    return "penstock_" + job + "_";
  }

  private TableName table(String tail) {
    return new TableName(schema, head() + tail);
  }

  /** Which sync is current: one text, in as many rows as it needs. */
  public TableName document() {
    return table("state");
  }

  /** One row: how far the cursor has come. */
  public TableName cursor() {
    return table("cursor");
  }

  /** A row for each sync that is done. */
  public TableName log() {
    return table("sync_log");
  }

  /** Holds nothing; whoever locks it may sync. */
  public TableName lock() {
    return table("lock");
  }

  public TableName snapshot(long number) {
    return table("snapshot_" + number);
  }

  public TableName failedKeys(long number) {
    return table("failed_keys_" + number);
  }

  /** The SQL of a table of keys, or of one that is to become it. */
  public StateTableStatements rows(TableName table, List<Column> columns) {
    return new StateTableStatements(table, columns, label());
  }

  /** By what tables of keys are known. */
  private String label() {
    return "Keys of a sync of Penstock job " + job;
  }

  /** One row where the schema exists; asks for no privilege, unlike creating it. */
  public SqlStatement findSchema() {
    return CatalogStatements.findSchema(schema);
  }

  public SqlStatement createSchema() {
    return SqlStatement.of("CREATE SCHEMA IF NOT EXISTS " + quote(schema));
  }

  /** The names of those of these tables that exist. */
  public SqlStatement find(TableName... tables) {
    return SqlStatement.of(
        "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE n.nspname = "
            + literal(Identifiers.fold(schema))
            + " AND c.relname IN ("
            + Stream.of(tables)
                .map(table -> literal(Identifiers.fold(table.name())))
                .collect(Collectors.joining(", "))
            + ")");
  }

  /** The names of the job's tables of keys, of every sync. */
  public SqlStatement findKeys() {
    return SqlStatement.of(
        "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
            + " ON n.oid = c.relnamespace JOIN pg_catalog.pg_description d"
            + " ON d.objoid = c.oid AND d.objsubid = 0 WHERE n.nspname = "
            + literal(Identifiers.fold(schema))
            + " AND d.description = "
            + literal(label()));
  }

  /** Drops a table of the schema. */
  public SqlStatement drop(String name) {
    return SqlStatement.of("DROP TABLE IF EXISTS " + quote(new TableName(schema, name)));
  }

  public SqlStatement createLock() {
    return SqlStatement.of("CREATE TABLE IF NOT EXISTS " + quote(lock()) + " (\"n\" INTEGER)");
  }

  /**
   * Serializes those who lock the table until their transactions end. To be the first statement of
   * a transaction: the snapshot that later statements see is taken after the lock is held.
   */
  public SqlStatement lock(TableName table) {
    return SqlStatement.of("LOCK " + quote(table));
  }

  /** An error where another has created it meanwhile. */
  public SqlStatement createDocument() {
    return SqlStatement.of(
        "CREATE TABLE "
            + quote(document())
            + " (\"part\" INTEGER NOT NULL, \"document\" VARCHAR("
            + TEXT_BYTES
            + ") NOT NULL, \"version\" VARCHAR(36) NOT NULL)");
  }

  public SqlStatement createCursor() {
    return SqlStatement.of(
        "CREATE TABLE IF NOT EXISTS " + quote(cursor()) + " (\"checkpoint\" VARCHAR(255))");
  }

  /**
   * The document in the order of its parts. Columns: document, version, and of the cursor rows (how
   * many it has) and checkpoint.
   *
   * @param cursor whether there is that table
   */
  public SqlStatement readDocument(boolean cursor) {
    String reached =
        cursor
            ? "SELECT COUNT(*) AS \"rows\", MAX(\"checkpoint\") AS \"checkpoint\" FROM "
                + quote(cursor())
            : "SELECT CAST(0 AS BIGINT) AS \"rows\", CAST(NULL AS VARCHAR(255)) AS"
                + " \"checkpoint\"";
    return SqlStatement.of(
        "SELECT d.\"document\", d.\"version\", c.\"rows\", c.\"checkpoint\" FROM "
            + quote(document())
            + " d CROSS JOIN ("
            + reached
            + ") c ORDER BY d.\"part\"");
  }

  public SqlStatement clear(TableName table) {
    return SqlStatement.of("DELETE FROM " + quote(table));
  }

  /**
   * @param version that no other document has
   */
  public SqlStatement insertDocument(String text, String version) {
    List<String> rows = new ArrayList<>();
    for (String part : parts(text)) {
      rows.add("(" + rows.size() + ", " + literal(part) + ", " + literal(version) + ")");
    }
    return SqlStatement.of(
        "INSERT INTO "
            + quote(document())
            + " (\"part\", \"document\", \"version\") VALUES "
            + String.join(", ", rows));
  }

  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    do {
      int end = Math.min(text.length(), from + PART_LENGTH);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      parts.add(text.substring(from, end));
      from = end;
    } while (from < text.length());
    return parts;
  }

  public SqlStatement insertCursor(Optional<String> checkpoint) {
    return SqlStatement.of(
        "INSERT INTO "
            + quote(cursor())
            + " (\"checkpoint\") VALUES ("
            + text(checkpoint, 255)
            + ")");
  }

  public SqlStatement createLog() {
    return SqlStatement.of(
        "CREATE TABLE IF NOT EXISTS "
            + quote(log())
            + " ("
            + String.join(
                ", ",
                List.of(
                    "\"sync\" BIGINT NOT NULL",
                    "\"run_id\" VARCHAR(255) NOT NULL",
                    "\"ended_at\" TIMESTAMPTZ NOT NULL",
                    "\"full\" VARCHAR(" + REASON_BYTES + ")",
                    "\"inserted\" BIGINT NOT NULL",
                    "\"updated\" BIGINT NOT NULL",
                    "\"deleted\" BIGINT NOT NULL",
                    "\"unchanged\" BIGINT NOT NULL",
                    "\"failed\" BIGINT NOT NULL",
                    "\"checkpoint\" VARCHAR(255)",
                    "\"result\" VARCHAR(" + TEXT_BYTES + ")"))
            + ")");
  }

  /** Removes what a sync has written into the log; to precede {@link #insertLog}. */
  public SqlStatement deleteLog(long number) {
    return SqlStatement.of("DELETE FROM " + quote(log()) + " WHERE \"sync\" = " + number);
  }

  public SqlStatement insertLog(String runId, SyncResult result, Instant at) {
    List<String> values =
        List.of(
            Long.toString(result.number()),
            literal(runId),
            literal(INSTANT.format(at)),
            text(result.full(), REASON_BYTES),
            Long.toString(result.inserted()),
            Long.toString(result.updated()),
            Long.toString(result.deleted()),
            Long.toString(result.unchanged()),
            Long.toString(result.failed()),
            text(result.checkpoint(), 255),
            text(Optional.of(SyncResultJson.node(result).toString()), TEXT_BYTES));
    return SqlStatement.of(
        "INSERT INTO "
            + quote(log())
            + " (\"sync\", \"run_id\", \"ended_at\", \"full\", \"inserted\", \"updated\","
            + " \"deleted\", \"unchanged\", \"failed\", \"checkpoint\", \"result\") VALUES ("
            + String.join(", ", values)
            + ")");
  }

  private static String text(Optional<String> text, int bytes) {
    return text.map(known -> literal(shortened(known, bytes))).orElse("NULL");
  }

  /** As many whole characters as a column holds; NUL, which no literal holds, is dropped. */
  private static String shortened(String text, int bytes) {
    String kept = text.replace("\0", "");
    CharBuffer characters = CharBuffer.wrap(kept);
    StandardCharsets.UTF_8.newEncoder().encode(characters, ByteBuffer.allocate(bytes), true);
    return kept.substring(0, characters.position());
  }
}
