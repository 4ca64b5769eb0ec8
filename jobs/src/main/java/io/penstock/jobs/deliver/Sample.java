package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * A row for people to look at.
 *
 * @param cells the values as Spark writes them as text, in the order of the columns; NULL is {@code
 *     NULL}
 * @param json the record, as the line of an NDJSON file that the row would become
 */
public record Sample(List<String> cells, String json) {

  /**
   * The rows, read once.
   *
   * @throws io.penstock.common.error.PenstockException {@code DELIVERY_VALUE_REFUSED} for a type
   *     that JSON has no form for; for a value it may lie within what Spark throws
   */
  public static List<Sample> of(Dataset<Row> rows) {
    OutputFormat format = new OutputFormat.Ndjson();
    StructType files = rows.schema();
    DeliverableTypes.check(files, format);
    List<Attribute> attributes =
        JavaConverters.seqAsJavaList(rows.queryExecution().analyzed().output());
    List<Column> shown = new ArrayList<>();
    attributes.forEach(attribute -> shown.add(new Column(attribute).cast("string")));
    RecordForm.Recipe recipe = new RecordForm.Recipe(format, files, false);
    shown.add(new Column(new RecordBytes(attributes, recipe)).as("record"));
    return rows.select(shown.toArray(Column[]::new)).collectAsList().stream()
        .map(Sample::of)
        .toList();
  }

  private static Sample of(Row row) {
    int columns = row.size() - 1;
    List<String> cells =
        IntStream.range(0, columns)
            .mapToObj(i -> row.isNullAt(i) ? "NULL" : row.getString(i))
            .toList();
    return new Sample(cells, row.getString(columns).stripTrailing());
  }
}
