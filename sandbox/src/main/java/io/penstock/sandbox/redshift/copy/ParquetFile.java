package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** A Parquet file that DuckDB writes from rows kept as text in a database on the local disk. */
final class ParquetFile implements UnloadFile {
  private final Path directory;
  private final List<TargetColumn> columns;
  private final DuckDBConnection connection;
  private final DuckDBAppender appender;
  private long size;

  ParquetFile(List<TargetColumn> columns) throws IOException, SqlError {
    this.columns = columns;
    this.directory = Files.createTempDirectory("penstock-unload");
    select();
    try {
      this.connection =
          DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("rows.duckdb"))
              .unwrap(DuckDBConnection.class);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("SET memory_limit = '512MB'");
        StringJoiner staged = new StringJoiner(", ", "CREATE TABLE staged (", ")");
        for (int index = 0; index < columns.size(); index++) {
          staged.add("c" + index + " VARCHAR");
        }
        statement.execute(staged.toString());
      }
      this.appender = connection.createAppender("main", "staged");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void write(List<@Nullable String> row) throws IOException {
    try {
      appender.beginRow();
      for (String value : row) {
        if (value == null) {
          appender.appendNull();
        } else {
          appender.append(value);
          size += value.length();
        }
      }
      appender.endRow();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Path finish() throws IOException, SqlError {
    Path file = directory.resolve("rows.parquet");
    try {
      appender.close();
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "COPY ("
                + select()
                + " ORDER BY rowid) TO '"
                + file.toString().replace("'", "''")
                + "' (FORMAT parquet, COMPRESSION snappy)");
      }
    } catch (SQLException e) {
      throw new SqlError(
          "XX000",
          "UNLOAD could not write a Parquet file: a value does not fit the type of its column");
    }
    return file;
  }

  private String select() throws SqlError {
    StringJoiner expressions = new StringJoiner(", ", "SELECT ", " FROM staged");
    for (int index = 0; index < columns.size(); index++) {
      TargetColumn column = columns.get(index);
      expressions.add(expression(column, "c" + index) + " AS " + SqlText.identifier(column.name()));
    }
    return expressions.toString();
  }

  private static String expression(TargetColumn column, String value) throws SqlError {
    String type =
        switch (column.type()) {
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
          case "varchar", "bpchar", "text", "jsonb", "name" -> "VARCHAR";
          case "bytea" -> "BLOB";
          case "numeric" ->
              column.length() < 0
                  ? "DECIMAL(38,18)"
                  : "DECIMAL(" + column.length() + "," + column.scale() + ")";
          default ->
              throw new SqlError(
                  "0A000",
                  "UNLOAD of column \""
                      + column.name()
                      + "\" of type "
                      + column.type()
                      + " to Parquet is not supported by the sandbox");
        };
    return type.equals("BLOB")
        ? "unhex(substr(" + value + ", 3))"
        : "CAST(" + value + " AS " + type + ")";
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
