package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Ranges of a column's values that have every row in exactly one of them: rows with NULL in the
 * first, and rows beyond the bounds, which came after these were asked for, in the first and the
 * last.
 */
public final class SourceRanges {
  /** Kinds whose values can be divided. */
  private static final Set<Kind> DIVISIBLE =
      Set.of(Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT, Kind.DATE, Kind.TIMESTAMP);

  private final SourceColumn column;
  private final List<Long> limits;

  /**
   * @param limits where one range ends and the next begins, ascending
   */
  private SourceRanges(SourceColumn column, List<Long> limits) {
    this.column = column;
    this.limits = List.copyOf(limits);
  }

  public static boolean canDivide(SourceColumn column) {
    return DIVISIBLE.contains(column.type().kind());
  }

  /**
   * Ranges of about the same width.
   *
   * @param least a number, days or microseconds since 1970
   * @param greatest likewise
   * @param most how many ranges at most
   */
  public static SourceRanges of(SourceColumn column, long least, long greatest, int most) {
    BigInteger first = BigInteger.valueOf(least);
    BigInteger width = BigInteger.valueOf(greatest).subtract(first).add(BigInteger.ONE);
    int ranges = width.min(BigInteger.valueOf(most)).intValue();
    List<Long> limits = new ArrayList<>();
    for (int range = 1; range < ranges; range++) {
      BigInteger offset =
          width.multiply(BigInteger.valueOf(range)).divide(BigInteger.valueOf(ranges));
      limits.add(first.add(offset).longValueExact());
    }
    return new SourceRanges(column, limits);
  }

  public int size() {
    return limits.size() + 1;
  }

  /** What is true for the rows of a range. */
  public String predicate(int range) {
    String name = quote(column.name());
    if (limits.isEmpty()) {
      return "TRUE";
    }
    if (range == 0) {
      return "(" + name + " < " + limit(0) + " OR " + name + " IS NULL)";
    }
    String begins = name + " >= " + limit(range - 1);
    return range == limits.size() ? begins : begins + " AND " + name + " < " + limit(range);
  }

  /** The expression that gives the range of a row. */
  String index() {
    if (limits.isEmpty()) {
      return "0";
    }
    String name = quote(column.name());
    StringBuilder cases = new StringBuilder("CASE WHEN " + name + " IS NULL THEN 0");
    for (int range = 0; range < limits.size(); range++) {
      cases.append(" WHEN ").append(name).append(" < ").append(limit(range));
      cases.append(" THEN ").append(range);
    }
    return cases.append(" ELSE ").append(limits.size()).append(" END").toString();
  }

  private String limit(int index) {
    long limit = limits.get(index);
    return switch (column.type().kind()) {
      case DATE -> "CAST(" + literal(LocalDate.ofEpochDay(limit).toString()) + " AS DATE)";
      case TIMESTAMP -> "CAST(" + literal(timestamp(limit)) + " AS TIMESTAMP)";
      default -> String.valueOf(limit);
    };
  }

  private static String timestamp(long micros) {
    Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString().replace('T', ' ');
  }
}
