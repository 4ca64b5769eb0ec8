package io.penstock.jobs.sync;

import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.sync.RowOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/**
 * The columns of a job's state: those of its keys, and these.
 *
 * <ul>
 *   <li>{@code operation}: what the sync did to the row: insert, update, delete, unchanged or
 *       excluded;
 *   <li>{@code reason}: why it was excluded;
 *   <li>{@code rows}: how many rows with this key the sync read;
 *   <li>{@code hash_1}, {@code hash_2}: the digest of the row that destinations have; NULL where
 *       the next sync has to send the row, whatever it is then;
 *   <li>{@code held}: whether destinations are taken to have the row;
 *   <li>{@code origin}: which attempt of which run was the first to send the row as it is;
 *   <li>{@code cursor}: the row's, where the sync has one.
 * </ul>
 *
 * @param keys of the rows after mapping
 * @param keyTypes of the same columns in Spark
 * @param keyNames of the same columns in the state
 */
record StateColumns(List<Column> keys, List<DataType> keyTypes, List<String> keyNames) {
  static final String OPERATION = RowOperation.COLUMN;
  static final String REASON = "reason";
  static final String ROWS = "rows";
  static final String HASH_1 = "hash_1";
  static final String HASH_2 = "hash_2";
  static final String HELD = "held";
  static final String ORIGIN = "origin";
  static final String CURSOR = "cursor";

  /** Besides those of {@link RowOperation}. */
  static final String UNCHANGED = "unchanged";

  static final String EXCLUDED = "excluded";

  private static final Set<String> OWN =
      Set.of(OPERATION, REASON, ROWS, HASH_1, HASH_2, HELD, ORIGIN, CURSOR);

  /** Names that files and tables of every kind can have. */
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  static StateColumns of(List<String> keys, MappedColumns mapped) {
    List<Column> found = keys.stream().map(name -> mapped.find(name, "keys")).toList();
    found.forEach(StateColumns::requireComparable);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      String name = Identifiers.fold(found.get(i).name());
      names.add(isTaken(name) || !PLAIN.matcher(name).matches() ? "key_" + (i + 1) : name);
    }
    return new StateColumns(
        found,
        found.stream().map(column -> mapped.type(column.name())).toList(),
        List.copyOf(names));
  }

  private static boolean isTaken(String name) {
    return OWN.contains(name) || Identifiers.problemOfColumn(name).isPresent();
  }

  private static void requireComparable(Column key) {
    if (!key.type().isComparable()) {
      throw SyncProblems.mismatch(
          "sync.keys names " + key.name(),
          "it is of type " + key.type() + ", which is not compared",
          "name columns of other types");
    }
  }

  /** Whether rows of two datasets have the same key. */
  org.apache.spark.sql.Column sameKeys(Dataset<Row> mapped, Dataset<Row> state) {
    org.apache.spark.sql.Column same = functions.lit(true);
    for (int i = 0; i < keys.size(); i++) {
      same =
          same.and(
              mapped.col(quoted(keys.get(i).name())).equalTo(state.col(quoted(keyNames.get(i)))));
    }
    return same;
  }

  /** A column by its exact name. */
  static org.apache.spark.sql.Column named(String name) {
    return functions.col(quoted(name));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The key columns of the state, in the types of the mapped rows. */
  List<org.apache.spark.sql.Column> stateKeys() {
    return IntStream.range(0, keys.size())
        .mapToObj(i -> named(keyNames.get(i)).cast(keyTypes.get(i)).as(keyNames.get(i)))
        .toList();
  }

  /** The key columns of mapped rows, under their names in the state. */
  List<org.apache.spark.sql.Column> mappedKeys() {
    return IntStream.range(0, keys.size())
        .mapToObj(i -> named(keys.get(i).name()).as(keyNames.get(i)))
        .toList();
  }

  /** Whether a row of the state lacks a value that identifies it; NaN is none. */
  org.apache.spark.sql.Column hasNoKey() {
    org.apache.spark.sql.Column none = functions.lit(false);
    for (int i = 0; i < keys.size(); i++) {
      org.apache.spark.sql.Column key = named(keyNames.get(i));
      none = none.or(key.isNull());
      switch (keys.get(i).type().kind()) {
        case REAL, DOUBLE -> none = none.or(functions.isnan(key));
        default -> {}
      }
    }
    return none;
  }

  /** Whether a row of a snapshot is sent as it is. */
  static org.apache.spark.sql.Column isThere() {
    return named(OPERATION).isin(RowOperation.INSERT.text(), RowOperation.UPDATE.text());
  }

  /** Whether a row of a snapshot is the key of one that is gone. */
  static org.apache.spark.sql.Column isGone() {
    return named(OPERATION).equalTo(RowOperation.DELETE.text());
  }

  /** Key columns, and others after them. */
  static org.apache.spark.sql.Column[] with(
      List<org.apache.spark.sql.Column> keys, org.apache.spark.sql.Column... others) {
    return Stream.concat(keys.stream(), Stream.of(others))
        .toArray(org.apache.spark.sql.Column[]::new);
  }
}
