package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.Locale;
import java.util.Map;

/** The types that a Redshift column can have (AWS: "Data types"), as PostgreSQL types. */
final class ColumnTypes {
  private static final int LONGEST_VARCHAR = 65535;
  private static final int LONGEST_CHAR = 4096;
  private static final int DEFAULT_LENGTH = 256;
  private static final int LARGEST_PRECISION = 38;

  private static final Map<String, String> WITHOUT_LENGTH =
      Map.ofEntries(
          Map.entry("smallint", "smallint"),
          Map.entry("int2", "smallint"),
          Map.entry("integer", "integer"),
          Map.entry("int", "integer"),
          Map.entry("int4", "integer"),
          Map.entry("bigint", "bigint"),
          Map.entry("int8", "bigint"),
          Map.entry("real", "real"),
          Map.entry("float4", "real"),
          Map.entry("double precision", "double precision"),
          Map.entry("float", "double precision"),
          Map.entry("float8", "double precision"),
          Map.entry("boolean", "boolean"),
          Map.entry("bool", "boolean"),
          Map.entry("date", "date"),
          Map.entry("timestamp", "timestamp"),
          Map.entry("timestamp without time zone", "timestamp"),
          Map.entry("timestamptz", "timestamptz"),
          Map.entry("timestamp with time zone", "timestamptz"),
          Map.entry("time", "time"),
          Map.entry("time without time zone", "time"),
          Map.entry("timetz", "timetz"),
          Map.entry("time with time zone", "timetz"),
          Map.entry("super", "super"),
          Map.entry("varbyte", "varbyte"),
          Map.entry("varbinary", "varbyte"),
          Map.entry("binary varying", "varbyte"),
          Map.entry("text", "varchar(256)"),
          Map.entry("bpchar", "char(256)"));

  /** The parsed type and the index of the token after it. */
  record Parsed(String type, int end) {}

  private ColumnTypes() {}

  static Parsed parse(Statement statement, int at, String column) throws SqlError {
    int end = at + words(statement, at);
    StringBuilder name = new StringBuilder();
    for (int i = at; i < end && i < statement.size(); i++) {
      name.append(name.isEmpty() ? "" : " ").append(statement.token(i).name());
    }
    String type = name.toString();
    String arguments = "";
    if (statement.matches(end, "(")) {
      int close = statement.closing(end);
      for (int i = end + 1; i < close; i++) {
        arguments += statement.token(i).text().toLowerCase(Locale.ROOT);
      }
      end = close + 1;
    }
    return new Parsed(postgresType(type, arguments, column), end);
  }

  private static int words(Statement statement, int at) {
    if (statement.matches(at + 1, "with", "time", "zone")
        || statement.matches(at + 1, "without", "time", "zone")) {
      return 4;
    }
    if (statement.matches(at, "national", "character", "varying")
        || statement.matches(at, "national", "char", "varying")) {
      return 3;
    }
    return statement.matches(at + 1, "varying")
            || statement.matches(at, "double", "precision")
            || statement.matches(at, "national", "character")
        ? 2
        : 1;
  }

  private static String postgresType(String type, String arguments, String column) throws SqlError {
    return switch (type) {
      case "varchar",
          "character varying",
          "nvarchar",
          "char varying",
          "national character varying",
          "national char varying" ->
          "varchar(" + length(arguments, DEFAULT_LENGTH, LONGEST_VARCHAR, "varchar") + ")";
      case "char", "character", "nchar", "national character" ->
          "char(" + length(arguments, 1, LONGEST_CHAR, "char") + ")";
      case "decimal", "numeric" -> "numeric(" + precision(arguments) + ")";
      default -> {
        String known = WITHOUT_LENGTH.get(type);
        if (known == null) {
          throw new SqlError(
              "0A000", "Column \"" + column + "\" has unsupported type \"" + type + "\".");
        }
        yield known;
      }
    };
  }

  private static int length(String arguments, int missing, int longest, String type)
      throws SqlError {
    if (arguments.isEmpty()) {
      return missing;
    }
    if (arguments.equals("max")) {
      return longest;
    }
    int length = number(arguments);
    if (length < 1) {
      throw new SqlError("22023", "length for type " + type + " must be at least 1");
    }
    if (length > longest) {
      throw new SqlError("22023", "length for type " + type + " cannot exceed " + longest);
    }
    return length;
  }

  private static String precision(String arguments) throws SqlError {
    if (arguments.isEmpty()) {
      return "18,0";
    }
    String[] parts = arguments.split(",", -1);
    int precision = number(parts[0]);
    int scale = parts.length > 1 ? number(parts[1]) : 0;
    if (precision < 1 || precision > LARGEST_PRECISION) {
      throw new SqlError(
          "22023",
          "DECIMAL precision " + precision + " must be between 1 and " + LARGEST_PRECISION);
    }
    if (scale > precision) {
      throw new SqlError(
          "22023", "DECIMAL scale " + scale + " must be between 0 and precision " + precision);
    }
    return precision + "," + scale;
  }

  private static int number(String text) throws SqlError {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw new SqlError("42601", "syntax error at or near \"" + text + "\"");
    }
  }
}
