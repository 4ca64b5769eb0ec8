package io.penstock.jobs.sync;

import static io.penstock.jobs.sync.StateColumns.CURSOR;
import static io.penstock.jobs.sync.StateColumns.EXCLUDED;
import static io.penstock.jobs.sync.StateColumns.HASH_1;
import static io.penstock.jobs.sync.StateColumns.HELD;
import static io.penstock.jobs.sync.StateColumns.OPERATION;
import static io.penstock.jobs.sync.StateColumns.REASON;
import static io.penstock.jobs.sync.StateColumns.ROWS;
import static io.penstock.jobs.sync.StateColumns.UNCHANGED;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.run.SyncResult;
import io.penstock.common.run.SyncResult.Exclusion;
import io.penstock.common.run.SyncResult.Reason;
import io.penstock.common.sync.RowOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a snapshot says of its sync.
 *
 * @param operations how many rows of the snapshot have each
 * @param unchanged rows that were read and need not be sent
 * @param open rows that the next sync has to send whatever they are then
 */
record Findings(
    Map<String, Long> operations,
    long unchanged,
    long open,
    List<Exclusion> excluded,
    Optional<String> checkpoint) {
  private static final int KEYS_SHOWN = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param checkpoint of the sync before; this one's is not below it
   */
  static Findings of(
      Dataset<Row> snapshot,
      StateColumns columns,
      Optional<CursorReading> cursor,
      Optional<String> checkpoint) {
    Map<String, Long> operations = new HashMap<>();
    List<Exclusion> excluded = new ArrayList<>();
    long unchanged = 0;
    long open = 0;
    Column isOpen = col(HELD).and(col(HASH_1).isNull());
    for (Row group :
        snapshot
            .groupBy(OPERATION, REASON)
            .agg(count(lit(1)), sum(ROWS), sum(when(isOpen, 1L).otherwise(0L)))
            .collectAsList()) {
      String operation = group.getString(0);
      operations.merge(operation, group.getLong(2), Long::sum);
      open += group.getLong(4);
      if (operation.equals(UNCHANGED)) {
        unchanged += group.getLong(3);
      } else if (operation.equals(EXCLUDED)) {
        excluded.add(exclusion(group.getString(1), group.getLong(3), snapshot, columns));
      }
    }
    excluded.sort((a, b) -> a.reason().compareTo(b.reason()));
    return new Findings(
        operations,
        unchanged,
        open,
        List.copyOf(excluded),
        cursor.flatMap(reading -> checkpoint(snapshot, reading, checkpoint)));
  }

  private static Exclusion exclusion(
      String text, long rows, Dataset<Row> snapshot, StateColumns columns) {
    Reason reason = Reason.NULL_KEY;
    for (Reason each : Reason.values()) {
      reason = each.text().equals(text) ? each : reason;
    }
    List<String> keys = new ArrayList<>();
    Column[] shown =
        columns.stateKeys().stream().map(key -> key.cast("string")).toArray(Column[]::new);
    for (Row row :
        snapshot
            .filter(col(REASON).equalTo(text))
            .select(shown)
            .limit(KEYS_SHOWN)
            .collectAsList()) {
      ArrayNode key = JSON.createArrayNode();
      for (int i = 0; i < row.size(); i++) {
        key.add(columns.keys().get(i).pii() && !row.isNullAt(i) ? "***" : row.getString(i));
      }
      keys.add(key.toString());
    }
    return new Exclusion(reason, rows, List.copyOf(keys));
  }

  private static Optional<String> checkpoint(
      Dataset<Row> snapshot, CursorReading reading, Optional<String> before) {
    Column reached = max(col(CURSOR));
    Column latest =
        before.map(text -> greatest(reached, reading.ofText(lit(text)))).orElse(reached);
    Row row =
        snapshot
            .filter(
                col(OPERATION)
                    .isin(RowOperation.INSERT.text(), RowOperation.UPDATE.text(), UNCHANGED))
            .agg(CursorReading.toText(latest))
            .head();
    return Optional.ofNullable(row.getString(0));
  }

  /** All rows of the snapshot. */
  long rows() {
    return operations.values().stream().mapToLong(Long::longValue).sum();
  }

  SyncResult result(long number, Mode mode, Optional<String> full) {
    return new SyncResult(
        number,
        full,
        countOf(RowOperation.INSERT),
        countOf(RowOperation.UPDATE),
        mode == Mode.MIRROR ? countOf(RowOperation.DELETE) : 0,
        unchanged,
        excluded,
        0,
        checkpoint);
  }

  private long countOf(RowOperation operation) {
    return operations.getOrDefault(operation.text(), 0L);
  }
}
