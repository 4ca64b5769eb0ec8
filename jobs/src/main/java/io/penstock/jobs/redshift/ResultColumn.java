package io.penstock.jobs.redshift;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A column of a result, as the driver tells of it.
 *
 * @param type the server's name, such as {@code int4} or {@code numeric}
 * @param precision of a number, or the length of a text; 0: none is told
 */
public record ResultColumn(String name, String type, int precision, int scale) {

  static List<ResultColumn> of(ResultSetMetaData metadata) throws SQLException {
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(
          new ResultColumn(
              metadata.getColumnLabel(i),
              metadata.getColumnTypeName(i).toLowerCase(Locale.ROOT),
              metadata.getPrecision(i),
              metadata.getScale(i)));
    }
    return List.copyOf(columns);
  }
}
