package io.penstock.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * Spark's own {@code df.write}.
 *
 * @param single whether one task makes one file: {@code coalesce(1)}
 * @param projection Spark SQL expressions over the rows
 */
record SparkWriter(
    String format,
    Map<String, String> options,
    boolean single,
    Lineitem.Form form,
    List<String> projection)
    implements Peer {

  static SparkWriter of(String format, Map<String, String> options) {
    return new SparkWriter(format, options, false, Lineitem.Form.TYPED, List.of("*"));
  }

  /** CSV as ours: without the options, Spark trims blanks off values and escapes by backslash. */
  static SparkWriter csv() {
    return of(
        "csv",
        Map.of(
            "header", "true",
            "escape", "\"",
            "ignoreLeadingWhiteSpace", "false",
            "ignoreTrailingWhiteSpace", "false"));
  }

  SparkWriter compressed(String codec) {
    Map<String, String> more = new HashMap<>(options);
    more.put("compression", codec);
    return new SparkWriter(format, more, single, form, projection);
  }

  SparkWriter coalesced() {
    return new SparkWriter(format, options, true, form, projection);
  }

  SparkWriter selecting(Lineitem.Form from, List<String> expressions) {
    return new SparkWriter(format, options, single, from, expressions);
  }

  @Override
  public void write(Setting setting, Folder target) {
    Dataset<Row> rows = setting.rows(form).selectExpr(projection.toArray(String[]::new));
    (single ? rows.coalesce(1) : rows)
        .write()
        .format(format)
        .options(options)
        .mode(SaveMode.Overwrite)
        .save(target.path().toString());
  }
}
