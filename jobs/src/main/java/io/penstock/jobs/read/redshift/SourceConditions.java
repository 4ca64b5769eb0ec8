package io.penstock.jobs.read.redshift;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;

/**
 * What Spark's conditions are in SQL. Only those are translated that are true in Redshift for every
 * row that they are true for in Spark: its comparison of texts ignores blanks at the end, and may
 * ignore case, so that texts are compared for equality alone; floating-point numbers are not, for
 * NaN.
 */
final class SourceConditions {
  private static final Map<String, String> COMPARISONS =
      Map.of("=", "=", "<", "<", "<=", "<=", ">", ">", ">=", ">=");
  private static final Map<String, String> MIRRORED =
      Map.of("=", "=", "<", ">", "<=", ">=", ">", "<", ">=", "<=");

  /** Longer lists are left to Spark. */
  private static final int LONGEST_LIST = 1000;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final List<SourceColumn> columns;

  SourceConditions(List<SourceColumn> columns) {
    this.columns = columns;
  }

  /** Empty where the server's answer might lack rows. */
  Optional<String> of(Predicate predicate) {
    Expression[] parts = predicate.children();
    return switch (predicate.name()) {
      case "AND", "OR" -> both(predicate.name(), parts);
      case "IS_NULL" ->
          column(parts[0])
              .filter(SourceConditions::isNullable)
              .map(column -> name(column) + " IS NULL");
      case "IS_NOT_NULL" -> column(parts[0]).map(column -> name(column) + " IS NOT NULL");
      case "IN" -> in(parts);
      default -> comparison(predicate.name(), parts);
    };
  }

  /** JSON's own null is NULL to Spark and not to the server. */
  private static boolean isNullable(SourceColumn column) {
    return column.type().kind() != Kind.SUPER;
  }

  private Optional<String> both(String word, Expression[] parts) {
    Optional<String> left = part(parts[0]);
    Optional<String> right = part(parts[1]);
    return left.isEmpty() || right.isEmpty()
        ? Optional.empty()
        : Optional.of("(" + left.get() + " " + word + " " + right.get() + ")");
  }

  private Optional<String> part(Expression part) {
    return part instanceof Predicate predicate ? of(predicate) : Optional.empty();
  }

  private Optional<String> in(Expression[] parts) {
    Optional<SourceColumn> column = column(parts[0]);
    if (column.isEmpty() || parts.length > LONGEST_LIST) {
      return Optional.empty();
    }
    List<String> values = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      Optional<String> value = value(column.get(), parts[i]);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(name(column.get()) + " IN (" + String.join(", ", values) + ")");
  }

  private Optional<String> comparison(String name, Expression[] parts) {
    String operator = COMPARISONS.get(name);
    String mirrored = MIRRORED.get(name);
    if (operator == null || mirrored == null || parts.length != 2) {
      return Optional.empty();
    }
    return column(parts[0]).isPresent()
        ? comparison(column(parts[0]).get(), operator, parts[1])
        : column(parts[1]).flatMap(column -> comparison(column, mirrored, parts[0]));
  }

  private Optional<String> comparison(SourceColumn column, String operator, Expression value) {
    return column.type().isText() && !operator.equals("=")
        ? Optional.empty()
        : value(column, value).map(sql -> name(column) + " " + operator + " " + sql);
  }

  private Optional<SourceColumn> column(Expression expression) {
    return expression instanceof NamedReference reference && reference.fieldNames().length == 1
        ? columns.stream()
            .filter(column -> column.name().equals(reference.fieldNames()[0]))
            .findFirst()
        : Optional.empty();
  }

  private static String name(SourceColumn column) {
    return quote(column.name());
  }

  /** A value of the column's own type; NULL is none. */
  private static Optional<String> value(SourceColumn column, Expression expression) {
    if (!(expression instanceof Literal<?> written) || written.value() == null || column.time()) {
      return Optional.empty();
    }
    Object value = written.value();
    RedshiftType type = column.type();
    return switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT ->
          value instanceof Number number && !(value instanceof Double || value instanceof Float)
              ? Optional.of(String.valueOf(number.longValue()))
              : Optional.empty();
      case DECIMAL ->
          value instanceof Decimal decimal && written.dataType() instanceof DecimalType of
              ? Optional.of(
                  cast(
                      decimal.toJavaBigDecimal().toPlainString(),
                      RedshiftType.decimal(of.precision(), Math.min(of.scale(), 37))))
              : Optional.empty();
      case CHAR, VARCHAR -> text(String.valueOf(value));
      case DATE ->
          value instanceof Integer days
              ? ofYear(LocalDate.ofEpochDay(days)).map(day -> cast(day.toString(), type))
              : Optional.empty();
      case TIMESTAMP, TIMESTAMPTZ ->
          value instanceof Long micros ? time(micros, type) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static String cast(String text, RedshiftType type) {
    return "CAST(" + literal(text) + " AS " + type.ddl() + ")";
  }

  private static Optional<String> text(String value) {
    return value.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(literal(value));
  }

  /** What is written with four digits and without an era. */
  private static Optional<LocalDate> ofYear(LocalDate day) {
    return Optional.of(day).filter(some -> some.getYear() >= 1 && some.getYear() <= 9999);
  }

  private static Optional<String> time(long micros, RedshiftType type) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), 0, ZoneOffset.UTC)
            .plus(Math.floorMod(micros, 1_000_000L), ChronoUnit.MICROS);
    return ofYear(time.toLocalDate())
        .map(day -> cast(TIME.format(time) + (type.kind() == Kind.TIMESTAMPTZ ? "+00" : ""), type));
  }
}
