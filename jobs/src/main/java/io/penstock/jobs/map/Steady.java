package io.penstock.jobs.map;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;

/**
 * Rows and entries over which every entry gives one value per row. An expression such as {@code
 * uuid()} gives another value each time it is asked, and its value and its checks must be about the
 * same one, so it gets a column of its own first.
 */
record Steady(Dataset<Row> rows, List<Resolved> entries) {

  static Steady of(Dataset<Row> rows, List<Resolved> entries) {
    List<Column> columns = new ArrayList<>();
    for (Attribute attribute : Resolver.attributes(rows)) {
      columns.add(Catalyst.column(attribute));
    }
    int first = columns.size();
    for (Resolved entry : entries) {
      if (!entry.raw().deterministic()) {
        columns.add(Catalyst.column(entry.raw()).as(Rejects.HIDDEN + columns.size()));
      }
    }
    if (columns.size() == first) {
      return new Steady(rows, entries);
    }
    Dataset<Row> wider = rows.select(columns.toArray(Column[]::new));
    List<Attribute> attributes = Resolver.attributes(wider);
    List<Resolved> steady = new ArrayList<>();
    int next = first;
    for (Resolved entry : entries) {
      steady.add(entry.raw().deterministic() ? entry : entry.withRaw(attributes.get(next++)));
    }
    return new Steady(wider, steady);
  }
}
