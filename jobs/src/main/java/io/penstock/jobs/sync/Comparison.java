package io.penstock.jobs.sync;

import static io.penstock.jobs.sync.StateColumns.CURSOR;
import static io.penstock.jobs.sync.StateColumns.EXCLUDED;
import static io.penstock.jobs.sync.StateColumns.HASH_1;
import static io.penstock.jobs.sync.StateColumns.HASH_2;
import static io.penstock.jobs.sync.StateColumns.HELD;
import static io.penstock.jobs.sync.StateColumns.OPERATION;
import static io.penstock.jobs.sync.StateColumns.ORIGIN;
import static io.penstock.jobs.sync.StateColumns.REASON;
import static io.penstock.jobs.sync.StateColumns.ROWS;
import static io.penstock.jobs.sync.StateColumns.UNCHANGED;
import static io.penstock.jobs.sync.StateColumns.named;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.penstock.common.run.SyncResult.Reason;
import io.penstock.common.sync.RowOperation;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Compares the rows of a source with those of an earlier sync: one aggregation by key over both,
 * which spills to disk and brings nothing to the driver. The result is the snapshot of the sync.
 */
final class Comparison {
  private static final String SIDE = "side";
  private static final String FITS = "fits";
  private static final int NOW = 0;
  private static final int BEFORE = 1;
  private static final int OPEN = 2;

  private final StateColumns columns;
  private final Optional<CursorReading> cursor;
  private final Terms terms;

  /**
   * How the rows are compared.
   *
   * @param all why is of no matter here: every row is sent
   * @param partial whether rows that did not pass the cursor were not read
   * @param now what lies after it is in the future
   * @param origin of rows that are sent for the first time as they are
   */
  record Terms(boolean all, boolean partial, Instant now, long origin) {}

  Comparison(StateColumns columns, Optional<CursorReading> cursor, Terms terms) {
    this.columns = columns;
    this.cursor = cursor;
    this.terms = terms;
  }

  /** Rows of the source: their keys, their digest, and whether they fit the template. */
  Dataset<Row> now(Dataset<Row> rows, boolean fit) {
    String digest = "digest";
    Dataset<Row> digested =
        rows.select(
            StateColumns.with(
                columns.mappedKeys(),
                RowDigest.of(rows).as(digest),
                cursor.map(reading -> named(reading.column())).orElse(lit(null)).as(CURSOR)));
    return side(
        digested,
        NOW,
        col(digest).getField(HASH_1),
        col(digest).getField(HASH_2),
        col(CURSOR),
        lit(fit),
        lit(null),
        lit(null));
  }

  /** Rows of an earlier snapshot that destinations have. */
  Dataset<Row> before(Dataset<Row> snapshot) {
    return side(
        snapshot.filter(col(HELD)),
        BEFORE,
        col(HASH_1),
        col(HASH_2),
        cursor.isPresent() ? col(CURSOR) : lit(null),
        lit(null),
        lit(null),
        lit(null));
  }

  /** Keys that have to be sent whatever the row is, and what was tried to send before. */
  Dataset<Row> open(Dataset<Row> tried) {
    return side(
        tried, OPEN, col(HASH_1), col(HASH_2), lit(null), lit(null), col(OPERATION), col(ORIGIN));
  }

  private Dataset<Row> side(
      Dataset<Row> rows,
      int side,
      Column hash1,
      Column hash2,
      Column cursorValue,
      Column fits,
      Column operation,
      Column origin) {
    DataType cursorType = cursor.map(CursorReading::sparkType).orElse(DataTypes.LongType);
    return rows.select(
        StateColumns.with(
            columns.stateKeys(),
            lit(side).as(SIDE),
            hash1.cast(DataTypes.LongType).as(HASH_1),
            hash2.cast(DataTypes.LongType).as(HASH_2),
            cursorValue.cast(cursorType).as(CURSOR),
            fits.cast(DataTypes.BooleanType).as(FITS),
            code(operation.cast(DataTypes.StringType)).as(OPERATION),
            origin.cast(DataTypes.LongType).as(ORIGIN)));
  }

  /** Operations as numbers: an aggregation keeps texts in a slower form. */
  private static Column code(Column operation) {
    Column code = lit(null).cast(DataTypes.IntegerType);
    for (RowOperation each : RowOperation.values()) {
      code = when(operation.equalTo(each.text()), lit(each.ordinal())).otherwise(code);
    }
    return code;
  }

  /** The snapshot that follows from all sides together. */
  Dataset<Row> snapshot(Dataset<Row> sides) {
    Dataset<Row> byKey =
        sides
            .groupBy(StateColumns.with(columns.stateKeys()))
            .agg(
                sum(when(is(NOW), 1L).otherwise(0L)).as("n"),
                max(when(is(NOW), col(HASH_1))).as("now_1"),
                max(when(is(NOW), col(HASH_2))).as("now_2"),
                max(when(is(NOW).and(col(FITS).equalTo(false)), 1).otherwise(0)).as("misfits"),
                max(when(is(NOW), col(CURSOR))).as("now_cursor"),
                max(when(is(BEFORE), 1).otherwise(0)).as("before"),
                max(when(is(BEFORE), col(HASH_1))).as("before_1"),
                max(when(is(BEFORE), col(HASH_2))).as("before_2"),
                max(when(is(BEFORE), col(CURSOR))).as("before_cursor"),
                max(when(is(OPEN), 1).otherwise(0)).as("open"),
                max(when(is(OPEN), col(HASH_1))).as("open_1"),
                max(when(is(OPEN), col(HASH_2))).as("open_2"),
                max(when(is(OPEN), col(OPERATION))).as("open_operation"),
                max(when(is(OPEN), col(ORIGIN))).as("open_origin"));
    Dataset<Row> judged =
        byKey
            .withColumn(REASON, reason())
            .withColumn(OPERATION, operation())
            .withColumn(HELD, held());
    return judged.select(
        StateColumns.with(
            columns.stateKeys(),
            col(OPERATION),
            col(REASON),
            col("n").as(ROWS),
            hash("now_1", "before_1").as(HASH_1),
            hash("now_2", "before_2").as(HASH_2),
            col(HELD),
            origin().as(ORIGIN),
            coalesce(col("now_cursor"), col("before_cursor")).as(CURSOR)));
  }

  private static Column is(int side) {
    return col(SIDE).equalTo(side);
  }

  private static Column wasHeld() {
    return col("before").equalTo(1);
  }

  private static Column isOpen() {
    return col("open").equalTo(1);
  }

  private static Column isRead() {
    return col("n").gt(0);
  }

  private Column reason() {
    Column future =
        cursor.map(reading -> reading.isAfter(col("now_cursor"), terms.now())).orElse(lit(false));
    return when(columns.hasNoKey(), Reason.NULL_KEY.text())
        .when(col("n").gt(1), Reason.REPEATED_KEY.text())
        .when(isRead().and(col("misfits").equalTo(1)), Reason.BAD_VALUE.text())
        .when(isRead().and(future), Reason.FUTURE_CURSOR.text());
  }

  private static Column isExcluded() {
    return col(REASON).isNotNull();
  }

  /** The next sync can only tell by the cursor what has changed, so it has to be told. */
  private Column isForgottenByCursor() {
    return lit(cursor.isPresent()).and(col(REASON).notEqual(Reason.FUTURE_CURSOR.text()));
  }

  private Column operation() {
    Column sameAsBefore =
        col("now_1").eqNullSafe(col("before_1")).and(col("now_2").eqNullSafe(col("before_2")));
    Column neverArrived =
        isOpen().and(col("open_operation").equalTo(RowOperation.INSERT.ordinal()));
    Column unread = lit(terms.partial()).and(not(isRead())).and(not(isOpen()));
    return when(isExcluded(), EXCLUDED)
        .when(unread, UNCHANGED)
        .when(not(isRead()), RowOperation.DELETE.text())
        .when(
            lit(terms.all()).or(isOpen()).or(not(wasHeld())).or(not(sameAsBefore)),
            when(wasHeld().and(not(neverArrived)), RowOperation.UPDATE.text())
                .otherwise(RowOperation.INSERT.text()))
        .otherwise(UNCHANGED);
  }

  private Column held() {
    return when(col(REASON).eqNullSafe(Reason.NULL_KEY.text()), false)
        .when(isExcluded(), wasHeld().or(isOpen()).or(isForgottenByCursor()))
        .otherwise(col(OPERATION).notEqual(RowOperation.DELETE.text()));
  }

  /** What destinations have: the row as it is now, or as it was where it is not sent. */
  private Column hash(String now, String before) {
    Column kept =
        when(isOpen().or(isExcluded().and(isForgottenByCursor())), lit(null))
            .otherwise(col(before));
    return when(isExcluded(), kept)
        .when(isRead(), col(now))
        .when(col(OPERATION).equalTo(UNCHANGED), col(before))
        .cast(DataTypes.LongType);
  }

  /** A row that is sent once more as it was keeps its origin, so that receivers can tell. */
  private Column origin() {
    Column sameAsTried =
        when(
                col(OPERATION).equalTo(RowOperation.DELETE.text()),
                col("open_operation").equalTo(RowOperation.DELETE.ordinal()))
            .otherwise(
                col("open_1")
                    .eqNullSafe(col("now_1"))
                    .and(col("open_2").eqNullSafe(col("now_2")))
                    .and(col("open_operation").notEqual(RowOperation.DELETE.ordinal())));
    return when(
        StateColumns.isThere().or(StateColumns.isGone()),
        when(isOpen().and(sameAsTried), col("open_origin")).otherwise(lit(terms.origin())));
  }
}
