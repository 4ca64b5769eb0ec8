package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.literal;
import static io.penstock.common.schema.Identifiers.quote;

import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import java.util.List;
import java.util.Set;

/**
 * Ranges of a column's values that have every row in exactly one of them: rows with NULL in the
 * first, and rows beyond the bounds, which came after these were asked for, in the first and the
 * last.
 */
public final class SourceRanges {
  /** Kinds whose values have an order that their text gives again. */
  private static final Set<Kind> DIVISIBLE =
      Set.of(
          Kind.SMALLINT,
          Kind.INTEGER,
          Kind.BIGINT,
          Kind.DECIMAL,
          Kind.DATE,
          Kind.TIMESTAMP,
          Kind.TIMESTAMPTZ);

  private final SourceColumn column;
  private final List<String> limits;

  /**
   * @param limits the values with which all ranges but the first begin, ascending, as the server
   *     writes them; a value that is repeated begins one range
   */
  public SourceRanges(SourceColumn column, List<String> limits) {
    this.column = column;
    this.limits = limits.stream().distinct().toList();
  }

  public static boolean canDivide(SourceColumn column) {
    return DIVISIBLE.contains(column.type().kind());
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
    return "CAST(" + literal(limits.get(index)) + " AS " + column.type().ddl() + ")";
  }
}
