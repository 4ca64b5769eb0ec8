package io.penstock.jobs.load;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a table that exists takes the rows of a load without changing a value. Columns are
 * matched by name; the table may have more of them.
 */
final class TargetTable {
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("smallint", Kind.SMALLINT),
          Map.entry("integer", Kind.INTEGER),
          Map.entry("bigint", Kind.BIGINT),
          Map.entry("numeric", Kind.DECIMAL),
          Map.entry("decimal", Kind.DECIMAL),
          Map.entry("real", Kind.REAL),
          Map.entry("double precision", Kind.DOUBLE),
          Map.entry("boolean", Kind.BOOLEAN),
          Map.entry("character", Kind.CHAR),
          Map.entry("character varying", Kind.VARCHAR),
          Map.entry("date", Kind.DATE),
          Map.entry("timestamp without time zone", Kind.TIMESTAMP),
          Map.entry("timestamp with time zone", Kind.TIMESTAMPTZ),
          Map.entry("super", Kind.SUPER),
          Map.entry("binary varying", Kind.VARBYTE),
          Map.entry("varbyte", Kind.VARBYTE));

  private TargetTable() {}

  /**
   * A column as {@code information_schema.columns} describes it.
   *
   * @param length characters as the catalog counts them, or the precision; 0 where it says nothing
   */
  record Found(String name, String dataType, int length, int scale) {
    static Found of(ResultSet row) throws SQLException {
      int characters = row.getInt("character_maximum_length");
      return new Found(
          row.getString("column_name"),
          row.getString("data_type").toLowerCase(Locale.ROOT),
          characters > 0 ? characters : row.getInt("numeric_precision"),
          row.getInt("numeric_scale"));
    }

    /** The type; empty where it is none that a template can name. */
    Optional<Kind> kind() {
      return Optional.ofNullable(KINDS.get(dataType));
    }

    @Override
    public String toString() {
      boolean sized =
          kind()
              .filter(kind -> kind == Kind.DECIMAL || kind == Kind.CHAR || kind == Kind.VARCHAR)
              .isPresent();
      if (!sized || length == 0) {
        return dataType;
      }
      return dataType + "(" + length + (kind().get() == Kind.DECIMAL ? "," + scale : "") + ")";
    }
  }

  /**
   * @throws PenstockException {@code LOAD_TARGET_MISMATCH}, naming the first column that does not
   *     fit
   */
  static void requireTakes(TableName table, List<Found> found, List<Column> columns) {
    for (Column column : columns) {
      Found match =
          found.stream()
              .filter(f -> f.name().equals(Identifiers.fold(column.name())))
              .findFirst()
              .orElseThrow(
                  () ->
                      mismatch(
                          table,
                          column,
                          "the table has no such column",
                          "Add the column with ALTER TABLE, or leave it out of the template"
                              + " (unmapped = drop)"));
      if (!takes(match, column.type())) {
        throw mismatch(
            table,
            column,
            "the column is " + match + " and the rows hold " + column.type(),
            "Give the template entry a type that fits the table, or alter the table");
      }
    }
  }

  private static PenstockException mismatch(
      TableName table, Column column, String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.LOAD_TARGET_MISMATCH,
        "Table " + table + " does not take column " + column.name(),
        reason,
        remedy);
  }

  private static boolean takes(Found found, RedshiftType type) {
    return found.kind().map(kind -> takes(found, kind, type)).orElse(true);
  }

  private static boolean takes(Found found, Kind kind, RedshiftType type) {
    return switch (type.kind()) {
      case SMALLINT -> isInteger(kind) || holdsDigits(found, kind, 5, 0);
      case INTEGER ->
          kind == Kind.INTEGER || kind == Kind.BIGINT || holdsDigits(found, kind, 10, 0);
      case BIGINT -> kind == Kind.BIGINT || holdsDigits(found, kind, 19, 0);
      case DECIMAL -> holdsDigits(found, kind, type.length() - type.scale(), type.scale());
      case REAL -> kind == Kind.REAL || kind == Kind.DOUBLE;
      case CHAR -> (kind == Kind.CHAR || kind == Kind.VARCHAR) && isLongEnough(found, type);
      case VARCHAR -> kind == Kind.VARCHAR && isLongEnough(found, type);
      default -> kind == type.kind();
    };
  }

  private static boolean isInteger(Kind kind) {
    return kind == Kind.SMALLINT || kind == Kind.INTEGER || kind == Kind.BIGINT;
  }

  private static boolean isLongEnough(Found found, RedshiftType type) {
    return found.length() == 0 || found.length() >= type.length();
  }

  private static boolean holdsDigits(Found found, Kind kind, int whole, int fraction) {
    return kind == Kind.DECIMAL
        && (found.length() == 0
            || (found.length() - found.scale() >= whole && found.scale() >= fraction));
  }
}
