package io.penstock.jobs.read.redshift;

import io.penstock.common.schema.RedshiftType;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Reads a column of a result as Catalyst keeps its values. */
@FunctionalInterface
interface ColumnValue {
  /** The value; null for NULL. */
  @Nullable Object of(ResultSet row, int index) throws SQLException;

  static ColumnValue of(RedshiftType type) {
    return switch (type.kind()) {
      case SMALLINT -> orNull(ResultSet::getShort);
      case INTEGER -> orNull(ResultSet::getInt);
      case BIGINT -> orNull(ResultSet::getLong);
      case REAL -> orNull(ResultSet::getFloat);
      case DOUBLE -> orNull(ResultSet::getDouble);
      case BOOLEAN -> orNull(ResultSet::getBoolean);
      case DECIMAL -> (row, index) -> decimal(row.getBigDecimal(index), type);
      case CHAR, VARCHAR -> (row, index) -> UTF8String.fromString(row.getString(index));
      case SUPER -> (row, index) -> json(row.getString(index));
      case DATE -> (row, index) -> days(row.getObject(index, LocalDate.class));
      case TIMESTAMP -> (row, index) -> micros(row.getObject(index, LocalDateTime.class));
      case TIMESTAMPTZ -> (row, index) -> micros(row.getObject(index, OffsetDateTime.class));
      case VARBYTE -> ResultSet::getBytes;
    };
  }

  /** Reads a value that is some number where it is NULL. */
  @FunctionalInterface
  interface Primitive {
    Object of(ResultSet row, int index) throws SQLException;
  }

  private static ColumnValue orNull(Primitive primitive) {
    return (row, index) -> {
      Object value = primitive.of(row, index);
      return row.wasNull() ? null : value;
    };
  }

  /** JSON's own {@code null} is NULL, as Redshift compares it. */
  private static @Nullable Object json(@Nullable String value) {
    return "null".equals(value) ? null : UTF8String.fromString(value);
  }

  private static @Nullable Object decimal(@Nullable BigDecimal value, RedshiftType type) {
    return value == null ? null : Decimal.apply(value, type.length(), type.scale());
  }

  private static @Nullable Object days(@Nullable LocalDate value) {
    return value == null ? null : Math.toIntExact(value.toEpochDay());
  }

  private static @Nullable Object micros(@Nullable LocalDateTime value) {
    return value == null ? null : micros(value.toInstant(ZoneOffset.UTC));
  }

  private static @Nullable Object micros(@Nullable OffsetDateTime value) {
    return value == null ? null : micros(value.toInstant());
  }

  private static long micros(Instant value) {
    return DateTimeUtils.instantToMicros(value);
  }
}
