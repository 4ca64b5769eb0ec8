package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** Lines of PostgreSQL's CSV on the local disk, of which DuckDB makes a Parquet file. */
final class ParquetFile implements AutoCloseable {
  /** What PostgreSQL writes for NULL; it puts a text that equals it between quotes. */
  static final String NULL = "\\N";

  private static final int BUFFER = 1 << 18;

  /** A SUPER of 16 MB whose quotes are doubled, and the rest of its row. */
  private static final int LONGEST_LINE = 35_000_000;

  private final Path directory;
  private final Path lines;
  private final OutputStream out;
  private long size;
  private long rows;

  ParquetFile() throws IOException {
    this.directory = Files.createTempDirectory("penstock-unload");
    this.lines = directory.resolve("rows.csv");
    this.out = new BufferedOutputStream(Files.newOutputStream(lines), BUFFER);
  }

  void write(byte[] line) throws IOException {
    out.write(line);
    size += line.length;
    rows++;
  }

  /** Bytes of the lines so far. */
  long size() {
    return size;
  }

  long rows() {
    return rows;
  }

  /** Completes the file. */
  Path finish(List<TargetColumn> columns) throws IOException, SqlError {
    out.close();
    Path file = directory.resolve("rows.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET threads = 1");
      statement.execute("SET memory_limit = '512MB'");
      statement.execute(
          "COPY ("
              + select(columns)
              + " FROM "
              + reading(columns)
              + ") TO '"
              + quoted(file)
              + "' (FORMAT parquet, COMPRESSION snappy)");
    } catch (SQLException e) {
      throw new SqlError(
          "XX000",
          "UNLOAD could not write a Parquet file: a value does not fit the type of its column");
    }
    return file;
  }

  private static String quoted(Path file) {
    return file.toString().replace("'", "''");
  }

  private String reading(List<TargetColumn> columns) {
    StringJoiner types = new StringJoiner(", ", "{", "}");
    for (int index = 0; index < columns.size(); index++) {
      types.add("'c" + index + "': 'VARCHAR'");
    }
    return "read_csv('"
        + quoted(lines)
        + "', auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"',"
        + " nullstr = '"
        + NULL
        + "', allow_quoted_nulls = false, new_line = '\\n', max_line_size = "
        + LONGEST_LINE
        + ", buffer_size = "
        + 2 * LONGEST_LINE
        + ", columns = "
        + types
        + ")";
  }

  /**
   * @throws SqlError a column has a type that UNLOAD does not write as Parquet
   */
  static String select(List<TargetColumn> columns) throws SqlError {
    StringJoiner expressions = new StringJoiner(", ", "SELECT ", "");
    for (int index = 0; index < columns.size(); index++) {
      TargetColumn column = columns.get(index);
      expressions.add(
          "CAST(c" + index + " AS " + type(column) + ") AS " + SqlText.identifier(column.name()));
    }
    return expressions.toString();
  }

  private static String type(TargetColumn column) throws SqlError {
    return switch (column.type()) {
      case "int2" -> "SMALLINT";
      case "int4" -> "INTEGER";
      case "int8" -> "BIGINT";
      case "float4" -> "FLOAT";
      case "float8" -> "DOUBLE";
      case "bool" -> "BOOLEAN";
      case "date" -> "DATE";
      case "timestamp" -> "TIMESTAMP";
      case "timestamptz" -> "TIMESTAMPTZ";
      case "time" -> "TIME";
      case "varchar", "bpchar", "text", "name" -> "VARCHAR";
      case "jsonb" -> "JSON";
      case "numeric" ->
          column.length() < 0
              ? "DECIMAL(38,18)"
              : "DECIMAL(" + column.length() + "," + column.scale() + ")";
      case "bytea" ->
          throw new SqlError(
              "0A000",
              "UNLOAD of column \""
                  + column.name()
                  + "\": VARBYTE is unloaded to text or CSV format only");
      default ->
          throw new SqlError(
              "0A000",
              "UNLOAD of column \""
                  + column.name()
                  + "\" of type "
                  + column.type()
                  + " to Parquet is not supported by the sandbox");
    };
  }

  /** Removes the file from the local disk. */
  @Override
  public void close() throws IOException {
    out.close();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
