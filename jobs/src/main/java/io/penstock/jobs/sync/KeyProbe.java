package io.penstock.jobs.sync;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tries whether the keys of a sync tell its rows apart. */
public final class KeyProbe {
  private static final String ROWS = "rows";

  private KeyProbe() {}

  /**
   * Reads the key columns of all rows.
   *
   * @param rows after mapping
   * @return what was found, in a few words
   * @throws PenstockException {@code VERIFICATION_FAILED} where several rows have one key; {@code
   *     TEMPLATE_MISMATCH} where there is no such column
   */
  public static String unique(List<String> keys, MappedColumns mapped, Dataset<Row> rows) {
    StateColumns columns = StateColumns.of(keys, mapped);
    Column repeated = columns.hasNoKey().equalTo(false).and(col(ROWS).gt(1));
    Row found =
        rows.select(StateColumns.with(columns.mappedKeys()))
            .groupBy(StateColumns.with(columns.stateKeys()))
            .agg(count(lit(1)).as(ROWS))
            .agg(
                sum(ROWS),
                sum(when(columns.hasNoKey(), col(ROWS)).otherwise(0)),
                sum(when(repeated, col(ROWS)).otherwise(0)),
                sum(when(repeated, 1).otherwise(0)))
            .head();
    String without = without(number(found, 1));
    if (number(found, 2) > 0) {
      throw PenstockException.of(
          ErrorCode.VERIFICATION_FAILED,
          "sync.keys do not tell all rows apart",
          number(found, 2) + " rows share " + number(found, 3) + " keys" + without,
          "add to sync.keys what tells them apart, or let the query give one row for each key; a"
              + " sync leaves such rows out and tells their number");
    }
    return number(found, 0) + " rows" + without;
  }

  /** Sums of nothing are NULL. */
  private static long number(Row row, int index) {
    return row.isNullAt(index) ? 0 : row.getLong(index);
  }

  private static String without(long rows) {
    return rows == 0 ? "" : ", and " + rows + " have none and are left out";
  }
}
