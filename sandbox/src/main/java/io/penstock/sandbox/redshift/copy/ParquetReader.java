package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.StringJoiner;
import org.duckdb.DuckDBDriver;

/**
 * Reads a Parquet file through DuckDB, as a stream. Columns are matched by position. Source: Amazon
 * Redshift Database Developer Guide, "COPY from columnar data formats".
 */
final class ParquetReader implements RowOrigin {
  private final RowLoader loader;
  private final CopyFormat.Parquet format;
  private final boolean fillRecord;
  private long line;

  ParquetReader(CopyFormat.Parquet format, Conversion conversion, RowLoader loader) {
    this.format = format;
    this.fillRecord = conversion.fillRecord();
    this.loader = loader;
  }

  /**
   * @param name of the object, for messages
   */
  void readAll(Path file, String name) throws IOException, SqlError {
    Properties streaming = new Properties();
    streaming.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:", streaming);
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 1");
      statement.execute("SET memory_limit = '512MB'");
      String source = "read_parquet('" + file.toString().replace("'", "''") + "')";
      String select = "SELECT " + expressions(statement, source, name) + " FROM " + source;
      try (ResultSet rows = statement.executeQuery(select)) {
        deliver(rows);
      }
    } catch (SQLException e) {
      throw new SqlError("XX000", "Spectrum Scan Error: " + name + " is not a valid Parquet file");
    }
  }

  private String expressions(Statement statement, String source, String name)
      throws SQLException, SqlError {
    List<TargetColumn> columns = loader.columns();
    List<ParquetColumn> found = new ArrayList<>();
    try (ResultSet described = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
      while (described.next()) {
        found.add(new ParquetColumn(described.getString(1), described.getString(2)));
      }
    }
    if (found.size() > columns.size() || (found.size() < columns.size() && !fillRecord)) {
      throw new SqlError(
          "XX000",
          "Spectrum Scan Error: Unmatched number of columns between table and file. Table columns: "
              + columns.size()
              + ", Data columns: "
              + found.size()
              + ", File name: "
              + name);
    }
    StringJoiner expressions = new StringJoiner(", ");
    for (int index = 0; index < found.size(); index++) {
      expressions.add(
          found.get(index).expression(columns.get(index), format.serializeToJson(), name));
    }
    return expressions.toString();
  }

  private void deliver(ResultSet rows) throws SQLException, IOException, SqlError {
    Field[] fields = loader.fields();
    int found = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      line++;
      for (int index = 0; index < fields.length; index++) {
        String value = index < found ? rows.getString(index + 1) : null;
        if (value == null) {
          fields[index].setNull();
        } else {
          fields[index].set(value);
        }
      }
      loader.load(fields, this);
    }
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public long offset() {
    return 0;
  }

  @Override
  public String raw() {
    return "";
  }
}
