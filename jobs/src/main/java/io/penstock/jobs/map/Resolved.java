package io.penstock.jobs.map;

import io.penstock.common.schema.RedshiftType;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * A column of the result whose origin was found.
 *
 * @param raw resolved against the query's rows
 * @param type empty: the type that {@code raw} has
 */
record Resolved(
    String name, Expression raw, Optional<RedshiftType> type, boolean pii, boolean nullable) {

  Resolved withRaw(Expression other) {
    return new Resolved(name, other, type, pii, nullable);
  }
}
