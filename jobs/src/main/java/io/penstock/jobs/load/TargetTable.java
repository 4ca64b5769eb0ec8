package io.penstock.jobs.load;

import io.penstock.common.config.Application;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a table that exists takes the rows of a load without changing a value. Columns are
 * matched by name; the table may have more of them, where those take NULL or have a default.
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

  private final TableName table;
  private final List<Found> found;

  /**
   * @param found the columns of the table
   */
  TargetTable(TableName table, List<Found> found) {
    this.table = table;
    this.found = List.copyOf(found);
  }

  /**
   * A column as {@code svv_columns} describes it.
   *
   * @param length characters as the catalog counts them, or the precision; 0 where it says nothing
   * @param mandatory whether it takes no NULL and nothing else fills it
   */
  record Found(String name, String dataType, int length, int scale, boolean mandatory) {
    static Found of(ResultSet row) throws SQLException {
      int characters = row.getInt("character_maximum_length");
      return new Found(
          row.getString("column_name"),
          row.getString("data_type").toLowerCase(Locale.ROOT),
          characters > 0 ? characters : row.getInt("numeric_precision"),
          row.getInt("numeric_scale"),
          "NO".equals(row.getString("is_nullable")) && row.getString("column_default") == null);
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
   * What has to change about the table before it takes the rows.
   *
   * @param missing columns of the rows that it lacks
   * @param widened columns of the rows that are longer than the table's, by the table's type
   */
  record Changes(List<Column> missing, List<Widened> widened) {
    boolean isEmpty() {
      return missing.isEmpty() && widened.isEmpty();
    }
  }

  /**
   * @param from the type that the table's column has
   */
  record Widened(Column column, String from) {}

  /**
   * What is to be changed so that the table takes the rows; nothing where it does as it is.
   *
   * @throws PenstockException {@code LOAD_TARGET_MISMATCH}, naming the first column that does not
   *     fit and that may not be changed
   */
  Changes changesFor(List<Column> columns, Application application) {
    boolean changeable = application.schemaChange() == SchemaChange.ADD_COLUMNS;
    List<String> keys = application.keys().stream().map(Identifiers::fold).toList();
    List<Column> missing = new ArrayList<>();
    List<Widened> widened = new ArrayList<>();
    for (Column column : columns) {
      Optional<Found> match = find(column);
      if (match.isEmpty()) {
        requireAddable(column, changeable && !keys.contains(Identifiers.fold(column.name())));
        missing.add(column);
      } else if (!takes(match.get(), column.type())) {
        requireWidenable(match.get(), column, changeable);
        widened.add(new Widened(column, match.get().toString()));
      }
    }
    requireOthersOptional(columns);
    return new Changes(List.copyOf(missing), List.copyOf(widened));
  }

  private Optional<Found> find(Column column) {
    return found.stream().filter(f -> f.name().equals(Identifiers.fold(column.name()))).findFirst();
  }

  private void requireAddable(Column column, boolean addable) {
    if (!addable) {
      throw mismatch(
          column,
          "the table has no such column",
          "Add the column with ALTER TABLE, write schema-change = add-columns where it is no key,"
              + " or leave it out of the template (unmapped = drop)");
    }
  }

  private void requireWidenable(Found match, Column column, boolean changeable) {
    boolean longer =
        match.kind().filter(kind -> kind == Kind.VARCHAR).isPresent() && column.type().isText();
    if (!changeable || !longer) {
      throw mismatch(
          column,
          "the column is " + match + " and the rows hold " + column.type(),
          longer
              ? "Give the template entry a type that fits the table, alter the table, or write"
                  + " schema-change = add-columns"
              : "Give the template entry a type that fits the table, or alter the table");
    }
  }

  /** A column that the rows do not have becomes NULL, or its default, in new rows. */
  private void requireOthersOptional(List<Column> columns) {
    List<String> names = columns.stream().map(c -> Identifiers.fold(c.name())).toList();
    for (Found other : found) {
      if (other.mandatory() && !names.contains(other.name())) {
        throw PenstockException.of(
            ErrorCode.LOAD_TARGET_MISMATCH,
            "Table " + table + " takes no row without column " + other.name(),
            "the column is NOT NULL and has no default, and the rows do not have it",
            "Add the column to the template, or give it a default in the table");
      }
    }
  }

  private PenstockException mismatch(Column column, String reason, String remedy) {
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
