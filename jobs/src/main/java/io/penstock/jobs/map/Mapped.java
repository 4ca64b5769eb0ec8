package io.penstock.jobs.map;

import io.penstock.common.schema.Column;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows after the data template.
 *
 * @param projected the one projection that rows and rejects are both taken from; persist it before
 *     more than one of them is read, else the values are converted once for each
 * @param rows the rows that fit, in the template's columns
 * @param rejects present where {@code on-bad-value = reject}: {@code row_key}, {@code rejected_by},
 *     {@code column}, {@code reason}, {@code errors} and {@code row}, see {@link Rejects}
 * @param columns of {@code rows}, in order
 */
public record Mapped(
    Dataset<Row> projected,
    Dataset<Row> rows,
    Optional<Dataset<Row>> rejects,
    List<Column> columns) {

  /** The rows for which a condition on the template's columns holds, rejects among them too. */
  public Mapped where(org.apache.spark.sql.Column condition) {
    Dataset<Row> narrowed = projected.filter(condition);
    return rejects.isEmpty()
        ? new Mapped(narrowed, narrowed, rejects, columns)
        : new Mapped(
            narrowed,
            Mapping.fitting(narrowed, columns),
            Optional.of(Rejects.of(narrowed)),
            columns);
  }

  /**
   * The rows that do not fit, in the template's columns, with NULL for a value that does not fit;
   * empty where {@code on-bad-value} rejects none.
   */
  public Optional<Dataset<Row>> misfits() {
    return rejects.map(rejected -> Mapping.misfits(projected, columns));
  }
}
