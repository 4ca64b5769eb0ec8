package io.penstock.jobs.map;

import io.penstock.common.schema.Column;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.functions;

/** Hides personal data where rows are shown to people. */
public final class Masking {
  private static final String MASK = "***";

  private Masking() {}

  /**
   * Replaces every value of a column with {@code pii = true} by three asterisks, as text; NULL
   * stays NULL. Nothing of the value remains: hashes of addresses and names can be guessed.
   *
   * @param columns of the rows, in their order
   */
  public static Dataset<Row> mask(Dataset<Row> rows, List<Column> columns) {
    List<Attribute> attributes = Resolver.attributes(rows);
    List<org.apache.spark.sql.Column> masked = new ArrayList<>();
    for (int at = 0; at < attributes.size(); at++) {
      org.apache.spark.sql.Column value = Catalyst.column(attributes.get(at));
      masked.add(
          columns.get(at).pii()
              ? functions.when(value.isNotNull(), MASK).as(attributes.get(at).name())
              : value);
    }
    return rows.select(masked.toArray(org.apache.spark.sql.Column[]::new));
  }
}
