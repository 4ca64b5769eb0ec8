package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column of a Parquet file.
 *
 * @param type in DuckDB's words
 */
record ParquetColumn(String name, String type) {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");
  private static final Set<String> TIMESTAMPS =
      Set.of("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS");
  private static final String ZONED = "TIMESTAMP WITH TIME ZONE";

  /**
   * The DuckDB expression that gives the value as the text the column's converter takes.
   *
   * @throws SqlError if Redshift would not load such a column into the target
   */
  String expression(TargetColumn target, boolean serializeToJson, String file) throws SqlError {
    String column = SqlText.identifier(name);
    if (target.type().equals("jsonb")) {
      if (isNested() && !serializeToJson) {
        throw incompatible(target, file, "nested data needs SERIALIZETOJSON");
      }
      return type.equals("BLOB")
          ? "CAST(to_json(decode(" + column + ")) AS VARCHAR)"
          : "CAST(to_json(" + column + ") AS VARCHAR)";
    }
    if (isNested() && serializeToJson && target.type().equals("varchar")) {
      return "CAST(to_json(" + column + ") AS VARCHAR)";
    }
    if (!fits(target)) {
      throw incompatible(target, file, "the types differ");
    }
    if (type.equals(ZONED)) {
      return "CAST(make_timestamp(epoch_us("
          + column
          + ")) AS VARCHAR)"
          + (target.type().equals("timestamptz") ? " || '+00'" : "");
    }
    if (type.equals("TIMESTAMP_NS")) {
      return "CAST(CAST(" + column + " AS TIMESTAMP) AS VARCHAR)";
    }
    if (type.equals("BLOB")) {
      return target.isText() ? "decode(" + column + ")" : "lower(hex(" + column + "))";
    }
    return "CAST(" + column + " AS VARCHAR)";
  }

  private boolean isNested() {
    return type.startsWith("STRUCT(") || type.startsWith("MAP(") || type.endsWith("]");
  }

  private boolean fits(TargetColumn target) {
    return switch (target.type()) {
      case "int2", "int4" ->
          Set.of("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT").contains(type);
      case "int8" -> type.equals("BIGINT") || type.equals("UINTEGER");
      case "float4" -> type.equals("FLOAT");
      case "float8" -> type.equals("DOUBLE");
      case "bool" -> type.equals("BOOLEAN");
      case "varchar", "bpchar", "text" -> type.equals("VARCHAR") || type.equals("BLOB");
      case "date" -> type.equals("DATE");
      case "timestamp", "timestamptz" -> TIMESTAMPS.contains(type) || type.equals(ZONED);
      case "time" -> type.equals("TIME");
      case "bytea" -> type.equals("BLOB");
      case "numeric" -> decimalFits(target);
      default -> false;
    };
  }

  private boolean decimalFits(TargetColumn target) {
    Matcher decimal = DECIMAL.matcher(type);
    return decimal.matches()
        && (target.length() < 0
            || (Integer.parseInt(decimal.group(1)) <= target.length()
                && Integer.parseInt(decimal.group(2)) <= target.scale()));
  }

  private SqlError incompatible(TargetColumn target, String file, String why) {
    return new SqlError(
        "XX000",
        "Spectrum Scan Error: File '"
            + file
            + "' has an incompatible Parquet schema for column '"
            + target.name()
            + "'. Column type: "
            + target.redshiftType().toUpperCase(java.util.Locale.ROOT)
            + ", Parquet type: "
            + type,
        why,
        null);
  }
}
