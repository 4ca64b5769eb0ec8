package io.penstock.jobs.matrix;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads files through DuckDB, into columns of the types that the template promised. */
final class DuckDb implements AutoCloseable {
  private final Connection connection;

  DuckDb() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
  }

  /**
   * @param parquet whether binary and nested columns have forms of their own
   */
  private static String type(MatrixColumn column, boolean parquet) {
    return switch (column.kind()) {
      case "real" -> "FLOAT";
      case "timestamptz" -> "TIMESTAMP WITH TIME ZONE";
      case "decimal" -> column.type().toUpperCase(java.util.Locale.ROOT);
      case "varbyte" -> parquet ? "BLOB" : "VARCHAR";
      case "super" ->
          parquet && column.isNested() ? "STRUCT(a INTEGER, b VARCHAR, c INTEGER[])" : "VARCHAR";
      case "char", "varchar" -> "VARCHAR";
      default -> column.kind().toUpperCase(java.util.Locale.ROOT);
    };
  }

  private static String text(MatrixColumn column, String type) {
    return switch (type) {
      case "TIMESTAMP WITH TIME ZONE" ->
          "CAST(make_timestamp(epoch_us(" + column.name() + ")) AS VARCHAR)";
      case "BLOB" -> "hex(" + column.name() + ")";
      default ->
          type.startsWith("STRUCT")
              ? "CAST(to_json(" + column.name() + ") AS VARCHAR)"
              : "CAST(" + column.name() + " AS VARCHAR)";
    };
  }

  /** Rows of a table function. */
  long count(String source) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + source)) {
      result.next();
      return result.getLong(1);
    }
  }

  ReadBack parquet(String files) throws SQLException {
    Map<String, String> types = types(TypeMatrix.columns(), true);
    String source = "read_parquet('" + files + "')";
    Map<String, String> found = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet described = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
      while (described.next()) {
        found.put(described.getString(1), described.getString(2));
      }
    }
    types.put("id", "INTEGER");
    types.put("v_double", "DOUBLE");
    org.assertj.core.api.Assertions.assertThat(found)
        .as("types of " + files)
        .containsExactlyInAnyOrderEntriesOf(types);
    return read(files, TypeMatrix.columns(), source, true);
  }

  /**
   * Objects one after another, or in one array in each file. DuckDB takes JSON numbers for doubles,
   * so that it can judge no wide decimals.
   */
  ReadBack json(String files, boolean array) throws SQLException {
    return read(
        files,
        TypeMatrix.columns().stream().filter(column -> !column.name().equals("v_wide")).toList(),
        "read_json('%s', format = '%s', columns = %s)"
            .formatted(
                files,
                array ? "array" : "newline_delimited",
                columns()
                    .replace("'DECIMAL(38,10)'", "'DOUBLE'")
                    .replace("'v_super': 'VARCHAR'", "'v_super': 'JSON'")
                    .replace("'v_nested': 'VARCHAR'", "'v_nested': 'JSON'")),
        false);
  }

  /** Text whose quotes are doubled, and in which a quoted NULL text is text. */
  ReadBack csv(String files, String delimiter, String nullText, boolean quotedNulls)
      throws SQLException {
    String options =
        "auto_detect = false, header = true, quote = '\"', escape = '\"', parallel = false,"
            + " new_line = '\\n', delim = '%s', nullstr = '%s', allow_quoted_nulls = %s, columns = %s";
    return read(
        files,
        TypeMatrix.columns(),
        "read_csv('%s', %s)"
            .formatted(files, options.formatted(delimiter, nullText, quotedNulls, columns())),
        false);
  }

  private static Map<String, String> types(List<MatrixColumn> columns, boolean parquet) {
    Map<String, String> types = new LinkedHashMap<>();
    columns.forEach(column -> types.put(column.name(), type(column, parquet)));
    return types;
  }

  private static String columns() {
    Map<String, String> types = new LinkedHashMap<>();
    types.put("id", "INTEGER");
    types.putAll(types(TypeMatrix.columns(), false));
    return types.entrySet().stream()
        .map(e -> "'" + e.getKey() + "': '" + e.getValue() + "'")
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private ReadBack read(String files, List<MatrixColumn> columns, String source, boolean parquet)
      throws SQLException {
    String select =
        columns.stream()
            .map(column -> text(column, type(column, parquet)))
            .collect(Collectors.joining(", ", "SELECT id, ", " FROM " + source));
    ReadBack rows = new ReadBack("DuckDB on " + files, columns);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(select)) {
      while (result.next()) {
        List<@Nullable String> values = new ArrayList<>();
        for (int at = 0; at < columns.size(); at++) {
          values.add(result.getString(at + 2));
        }
        rows.add(result.getInt(1), values);
      }
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
