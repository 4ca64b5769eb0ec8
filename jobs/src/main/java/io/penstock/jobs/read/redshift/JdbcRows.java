package io.penstock.jobs.read.redshift;

import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.schema.SourceColumn;
import io.penstock.jobs.redshift.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.jspecify.annotations.Nullable;

/** The rows of one statement, as they arrive. */
final class JdbcRows implements PartitionReader<InternalRow> {
  private static final String WORK = "SELECT";

  private final String source;
  private final RangePartition partition;
  private final Session session;
  private final Session.Cursor cursor;
  private final ColumnValue[] values;
  private final @Nullable Object[] fields;
  private final InternalRow row;
  private long read;

  private JdbcRows(
      JdbcReaders readers, RangePartition partition, Session session, Session.Cursor cursor) {
    this.source = readers.source();
    this.partition = partition;
    this.session = session;
    this.cursor = cursor;
    List<SourceColumn> columns = readers.columns();
    this.values = new ColumnValue[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ColumnValue.of(columns.get(i).type());
    }
    this.fields = new Object[values.length];
    this.row = new GenericInternalRow(fields);
  }

  static JdbcRows open(JdbcReaders readers, RangePartition partition) {
    Session session;
    try {
      session = readers.connection().database("source " + readers.source()).open();
    } catch (PenstockException e) {
      throw ReadFailures.of(e);
    }
    try {
      session.beginTransactions();
      Session.Cursor cursor = session.cursor(SqlStatement.of(partition.sql()));
      return new JdbcRows(readers, partition, session, cursor);
    } catch (SQLException e) {
      session.close();
      throw ReadFailures.of(readers.source(), WORK, e);
    }
  }

  @Override
  public boolean next() {
    try {
      if (!cursor.next()) {
        requireAll();
        return false;
      }
      ResultSet current = cursor.row();
      for (int i = 0; i < values.length; i++) {
        fields[i] = values[i].of(current, i + 1);
      }
      read++;
      return true;
    } catch (SQLException e) {
      throw ReadFailures.of(source, WORK, e);
    }
  }

  private void requireAll() {
    if (partition.rows() != RangePartition.UNCOUNTED && partition.rows() != read) {
      throw ReadFailures.ofChange(source, partition.rows(), read);
    }
  }

  /** Valid until the next call of {@link #next}. */
  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public void close() {
    try {
      cursor.close();
    } catch (SQLException e) {
      // the connection is closed next
    } finally {
      session.close();
    }
  }
}
