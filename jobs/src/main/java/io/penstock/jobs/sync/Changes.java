package io.penstock.jobs.sync;

import static io.penstock.jobs.sync.StateColumns.OPERATION;
import static io.penstock.jobs.sync.StateColumns.ORIGIN;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.lit;

import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.sync.RowOperation;
import io.penstock.common.sync.RowOrigin;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/** The rows that a snapshot says are to be sent: read again from the source, by their keys. */
final class Changes {
  /** So few keys go to every task, and rows that have not changed go nowhere. */
  private static final long FEW = 200_000;

  private final MappedColumns mapped;
  private final StateColumns columns;

  Changes(MappedColumns mapped, StateColumns columns) {
    this.mapped = mapped;
    this.columns = columns;
  }

  /**
   * Rows that are gone come first: others may have taken over what a receiver knows them by.
   *
   * @param source the rows that were compared
   * @param rows of the source that are sent
   */
  Dataset<Row> of(Dataset<Row> source, Dataset<Row> snapshot, long rows, Mode mode) {
    Dataset<Row> there = there(source, snapshot, rows);
    return mode == Mode.MIRROR ? gone(snapshot).union(there) : there;
  }

  /** The rows where none of them was ever sent; they are read once. */
  Dataset<Row> allNew(Dataset<Row> source, long origin) {
    List<Column> selected = mapped(source);
    selected.add(lit(RowOperation.INSERT.text()).as(OPERATION));
    selected.add(lit(origin).as(RowOrigin.COLUMN));
    return source.select(selected.toArray(Column[]::new));
  }

  private List<Column> mapped(Dataset<Row> source) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : mapped.schema().fields()) {
      columns.add(source.col("`" + field.name().replace("`", "``") + "`"));
    }
    return columns;
  }

  private Dataset<Row> there(Dataset<Row> source, Dataset<Row> snapshot, long rows) {
    Dataset<Row> keys = state(snapshot, StateColumns.isThere());
    Dataset<Row> few = rows <= FEW ? broadcast(keys) : keys;
    List<Column> selected = mapped(source);
    selected.add(few.col(OPERATION));
    selected.add(few.col(ORIGIN).as(RowOrigin.COLUMN));
    return source
        .join(few, columns.sameKeys(source, few), "inner")
        .select(selected.toArray(Column[]::new));
  }

  /** The keys of rows that are gone; NULL in the other columns. */
  private Dataset<Row> gone(Dataset<Row> snapshot) {
    List<Column> selected = new ArrayList<>();
    for (StructField field : mapped.schema().fields()) {
      int key = keyOf(field.name());
      Column value = key < 0 ? lit(null) : StateColumns.named(columns.keyNames().get(key));
      selected.add(value.cast(field.dataType()).as(field.name(), field.metadata()));
    }
    selected.add(StateColumns.named(OPERATION));
    selected.add(StateColumns.named(ORIGIN).as(RowOrigin.COLUMN));
    return state(snapshot, StateColumns.isGone()).select(selected.toArray(Column[]::new));
  }

  private Dataset<Row> state(Dataset<Row> snapshot, Column condition) {
    return snapshot
        .filter(condition)
        .select(
            StateColumns.with(
                columns.stateKeys(), StateColumns.named(OPERATION), StateColumns.named(ORIGIN)));
  }

  private int keyOf(String name) {
    for (int i = 0; i < columns.keys().size(); i++) {
      if (Identifiers.fold(columns.keys().get(i).name()).equals(Identifiers.fold(name))) {
        return i;
      }
    }
    return -1;
  }
}
