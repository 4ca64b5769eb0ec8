package io.penstock.sandbox.redshift.copy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Writes load errors into {@code penstock_sandbox.load_errors} over connections of its own, so that
 * they outlive the rollback of the transaction they happened in.
 */
public final class LoadErrorLog {
  private static final String INSERT =
      "INSERT INTO penstock_sandbox.load_errors (userid, slice, tbl, starttime, session, query,"
          + " filename, line_number, colname, type, col_length, position, raw_line,"
          + " raw_field_value, err_code, err_reason, is_partial, start_offset)"
          + " VALUES (?, 0, ?, now() AT TIME ZONE 'UTC', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)";
  private static final int LONGEST_TEXT = 1024;
  private static final int LONGEST_REASON = 100;
  private static final int LONGEST_FILE_NAME = 256;
  private static final int LONGEST_NAME = 127;

  private final DataSource database;

  public LoadErrorLog(DataSource database) {
    this.database = database;
  }

  /** Stores the errors and commits them. */
  void append(List<LoadError> errors) throws IOException {
    if (errors.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (LoadError error : errors) {
        bind(insert, error);
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (SQLException e) {
      throw new IOException("Load errors could not be recorded", e);
    }
  }

  private static void bind(PreparedStatement insert, LoadError error) throws SQLException {
    insert.setInt(1, error.userId());
    insert.setInt(2, error.tableId());
    insert.setInt(3, error.session());
    insert.setInt(4, error.query());
    insert.setString(5, cut(error.fileName(), LONGEST_FILE_NAME));
    insert.setLong(6, error.lineNumber());
    insert.setString(7, cut(error.columnName(), LONGEST_NAME));
    insert.setString(8, cut(error.type(), 10));
    insert.setString(9, cut(error.columnLength(), 10));
    insert.setInt(10, error.position());
    insert.setString(11, cut(error.rawLine(), LONGEST_TEXT));
    insert.setString(12, cut(error.rawFieldValue(), LONGEST_TEXT));
    insert.setInt(13, error.code());
    insert.setString(14, cut(error.reason(), LONGEST_REASON));
    insert.setLong(15, error.startOffset());
  }

  /** PostgreSQL text holds no NUL. */
  private static String cut(String text, int longest) {
    String stored = text.replace('\0', ' ');
    return stored.length() <= longest ? stored : stored.substring(0, longest);
  }
}
