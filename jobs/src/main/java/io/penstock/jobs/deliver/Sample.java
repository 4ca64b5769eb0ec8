package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;

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
   * @throws io.penstock.common.error.PenstockException {@code DELIVERY_VALUE_REFUSED} for a value
   *     or a type that JSON has no form for
   */
  public static List<Sample> of(Dataset<Row> rows) {
    StructType records = rows.schema();
    DeliverableTypes.check(records, new OutputFormat.Ndjson());
    QueryExecution execution = withTexts(rows).queryExecution();
    InternalRow[] collected =
        SQLExecution.withNewExecutionId(
            execution, Option.empty(), () -> execution.executedPlan().executeCollect());
    List<Integer> ordinals = IntStream.range(0, records.size()).boxed().toList();
    RowEncoder.Factory encoders =
        JsonEncoder.factory(new FileSchema(records, records, ordinals), false);
    List<Sample> samples = new ArrayList<>();
    for (InternalRow row : collected) {
      samples.add(new Sample(cells(row, records.size()), json(row, encoders)));
    }
    return samples;
  }

  /** Each column a second time, as text, behind the columns as they are. */
  private static Dataset<Row> withTexts(Dataset<Row> rows) {
    List<Column> columns =
        Arrays.stream(rows.schema().fields())
            .map(StructField::name)
            .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
            .toList();
    return rows.select(
        Stream.concat(columns.stream(), columns.stream().map(column -> column.cast("string")))
            .toArray(Column[]::new));
  }

  private static List<String> cells(InternalRow row, int columns) {
    return IntStream.range(columns, 2 * columns)
        .mapToObj(i -> row.isNullAt(i) ? "NULL" : row.getUTF8String(i).toString())
        .toList();
  }

  private static String json(InternalRow row, RowEncoder.Factory encoders) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RowEncoder encoder = encoders.open(out)) {
      encoder.write(row);
      encoder.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8).stripTrailing();
  }
}
