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
    List<Column> columns) {}
