package io.penstock.jobs.sync;

import io.penstock.common.config.SyncConfig.Cursor;
import io.penstock.common.schema.RedshiftType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;

/**
 * Which rows a sync reads by its cursor. The checkpoint is the greatest value that was read; it is
 * kept as text in UTC.
 *
 * @param column of the rows after mapping
 */
record CursorReading(String column, RedshiftType type, DataType sparkType, Duration lag) {

  static CursorReading of(Cursor cursor, io.penstock.common.schema.Column column, DataType type) {
    CursorReading reading = new CursorReading(column.name(), column.type(), type, cursor.lag());
    switch (column.type().kind()) {
      case DATE, TIMESTAMP, TIMESTAMPTZ -> {}
      case SMALLINT, INTEGER, BIGINT, DECIMAL -> {
        if (!cursor.lag().isZero()) {
          throw SyncProblems.mismatch(
              "sync.lag cannot be applied to cursor " + column.name(),
              "it is a length of time, and the cursor is a number",
              "remove lag, or name a column of dates or times");
        }
      }
      default ->
          throw SyncProblems.mismatch(
              "sync.cursor cannot be " + column.name(),
              "it is of type " + column.type() + ", which does not grow with time",
              "name a column of dates, times or whole numbers");
    }
    return reading;
  }

  /** Whether a row may have changed since the checkpoint; a row without a cursor always may. */
  Column isToBeRead(String checkpoint) {
    Column cursor = StateColumns.named(column);
    return cursor.isNull().or(cursor.gt(lowerBound(checkpoint)));
  }

  private Column lowerBound(String checkpoint) {
    Column reached = ofText(functions.lit(checkpoint));
    if (lag.isZero()) {
      return reached;
    }
    if (type.kind() == RedshiftType.Kind.DATE) {
      long days = lag.plus(Duration.ofDays(1)).minusNanos(1).toDays();
      return functions.date_sub(reached, Math.toIntExact(days));
    }
    return reached.minus(functions.lit(lag));
  }

  /** Whether a value lies after an instant; a number never does. */
  Column isAfter(Column value, Instant now) {
    LocalDateTime utc = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
    return switch (type.kind()) {
      case DATE -> value.gt(functions.lit(utc.toLocalDate()));
      case TIMESTAMP -> value.gt(functions.lit(utc));
      case TIMESTAMPTZ -> value.gt(functions.lit(now));
      default -> functions.lit(false);
    };
  }

  /** The value that a checkpoint stands for. */
  Column ofText(Column text) {
    return cast(text, sparkType);
  }

  /** A value as a checkpoint keeps it. */
  static Column toText(Column value) {
    return cast(value, DataTypes.StringType);
  }

  private static Column cast(Column value, DataType type) {
    return new Column(new Cast(value.expr(), type, Option.apply("UTC"), EvalMode.LEGACY()));
  }
}
