package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;
import static io.penstock.common.schema.Identifiers.quoteAll;

import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.sync.RowOperation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The SQL that applies a stage table to the target. Each statement makes one kind of change, so
 * that the count the server answers with is exact; MERGE answers with one number for all.
 */
public final class ApplyStatements {
  private static final String STAGE = "penstock_stage";

  private final LoadPlan plan;
  private final List<Column> columns;
  private final String target;
  private final List<String> keys;

  ApplyStatements(LoadPlan plan, List<Column> columns) {
    this.plan = plan;
    this.columns = columns;
    this.target = quote(plan.destination().table().name());
    this.keys = plan.destination().application().keys().stream().map(Identifiers::fold).toList();
  }

  /** What a statement's count of rows counts. */
  public enum Effect {
    INSERTED,
    UPDATED,
    DELETED
  }

  /** One statement, and what it does to rows of the target. */
  public record Step(Effect effect, SqlStatement sql) {}

  /** The changes of the plan's write, in their order. */
  public List<Step> steps() {
    return switch (plan.destination().write()) {
      case APPEND -> List.of(insertAll());
      case OVERWRITE -> List.of(deleteAll(), insertAll());
      case UPSERT -> Stream.of(update(), insertMissing()).flatMap(Optional::stream).toList();
      case MIRROR ->
          Stream.of(deleteGone(), update(), insertMissing()).flatMap(Optional::stream).toList();
    };
  }

  private Step insertAll() {
    String names = quoteAll(columns.stream().map(Column::name).toList());
    return step(
        Effect.INSERTED,
        "INSERT INTO " + target + " (" + names + ") SELECT " + names + " FROM " + stage());
  }

  /** DELETE, because TRUNCATE would commit the transaction. */
  private Step deleteAll() {
    return step(Effect.DELETED, "DELETE FROM " + target);
  }

  private Optional<Step> deleteGone() {
    return Optional.of(
        step(
            Effect.DELETED,
            "DELETE FROM "
                + target
                + (plan.deletesByOperation() ? " WHERE EXISTS" : " WHERE NOT EXISTS")
                + " (SELECT 1 FROM "
                + stage()
                + " AS "
                + STAGE
                + " WHERE "
                + sameKey()
                + (plan.deletesByOperation() ? " AND " + isGone() : "")
                + ")"));
  }

  /** Whether a staged row is the key of one that is gone. */
  private static String isGone() {
    return ofStage(RowOperation.COLUMN) + " = " + literal(RowOperation.DELETE.text());
  }

  private String andIsThere() {
    return plan.deletesByOperation() ? " AND NOT " + isGone() : "";
  }

  /** Touches rows that differ, alone; empty where every column is a key. */
  private Optional<Step> update() {
    List<Column> values =
        columns.stream().filter(c -> !keys.contains(Identifiers.fold(c.name()))).toList();
    if (values.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        step(
            Effect.UPDATED,
            "UPDATE "
                + target
                + " SET "
                + values.stream()
                    .map(c -> quote(c.name()) + " = " + ofStage(c.name()))
                    .collect(Collectors.joining(", "))
                + " FROM "
                + stage()
                + " AS "
                + STAGE
                + " WHERE "
                + sameKey()
                + andIsThere()
                + " AND ("
                + values.stream().map(this::differs).collect(Collectors.joining(" OR "))
                + ")"));
  }

  private Optional<Step> insertMissing() {
    return Optional.of(
        step(
            Effect.INSERTED,
            "INSERT INTO "
                + target
                + " ("
                + quoteAll(columns.stream().map(Column::name).toList())
                + ") SELECT "
                + columns.stream().map(c -> ofStage(c.name())).collect(Collectors.joining(", "))
                + " FROM "
                + stage()
                + " AS "
                + STAGE
                + " WHERE NOT EXISTS (SELECT 1 FROM "
                + target
                + " WHERE "
                + sameKey()
                + ")"
                + andIsThere()));
  }

  private String sameKey() {
    return keys.stream()
        .map(key -> ofTarget(key) + " = " + ofStage(key))
        .collect(Collectors.joining(" AND "));
  }

  /**
   * True where the values differ or one of them is NULL. Redshift does not compare SUPER by
   * content, so such a value counts as another one; it takes VARCHAR values that differ in trailing
   * blanks for equal, so their lengths are compared too.
   */
  private String differs(Column column) {
    String old = ofTarget(column.name());
    String now = ofStage(column.name());
    if (!column.type().isComparable()) {
      return old + " IS NOT NULL OR " + now + " IS NOT NULL";
    }
    String length =
        column.type().kind() == Kind.VARCHAR
            ? " OR OCTET_LENGTH(" + old + ") <> OCTET_LENGTH(" + now + ")"
            : "";
    String oneIsNull =
        " OR ("
            + old
            + " IS NULL AND "
            + now
            + " IS NOT NULL) OR ("
            + old
            + " IS NOT NULL AND "
            + now
            + " IS NULL)";
    return old + " <> " + now + length + oneIsNull;
  }

  /** Staged rows with NULL in a key column. */
  public SqlStatement countNullKeys() {
    return SqlStatement.of(
        "SELECT COUNT(*) FROM "
            + stage()
            + " WHERE "
            + keys.stream()
                .map(key -> quote(key) + " IS NULL")
                .collect(Collectors.joining(" OR ")));
  }

  /** Two numbers: the keys that more than one staged row has, and the rows that have them. */
  public SqlStatement countRepeatedKeys() {
    return SqlStatement.of(
        "SELECT COUNT(*), COALESCE(SUM(n), 0) FROM (SELECT COUNT(*) AS n FROM "
            + stage()
            + " WHERE "
            + keys.stream()
                .map(key -> quote(key) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "))
            + " GROUP BY "
            + quoteAll(keys)
            + " HAVING COUNT(*) > 1) AS repeated");
  }

  public SqlStatement countTarget() {
    return SqlStatement.of("SELECT COUNT(*) FROM " + target);
  }

  private String stage() {
    return quote(plan.stageTable());
  }

  private String ofTarget(String column) {
    return quote(plan.destination().table().name().name()) + "." + quote(column);
  }

  private static String ofStage(String column) {
    return STAGE + "." + quote(column);
  }

  private static Step step(Effect effect, String sql) {
    return new Step(effect, SqlStatement.of(sql));
  }
}
