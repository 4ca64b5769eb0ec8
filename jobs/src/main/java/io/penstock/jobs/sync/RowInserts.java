package io.penstock.jobs.sync;

import io.penstock.common.plan.SqlStatement;
import io.penstock.common.plan.StateTableStatements;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.redshift.CarriedConnection;
import io.penstock.jobs.redshift.Session;
import java.io.Serializable;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Inserts rows of texts in one transaction, instead of those that an earlier attempt of the task
 * has inserted; gives their number. It carries the connection to an executor; its text shows no
 * secret.
 *
 * @param place what messages call the state
 * @param whose who asks for the connection
 */
record RowInserts(
    CarriedConnection connection, String place, String whose, Sql sql, List<RedshiftType> types)
    implements FlatMapFunction<Iterator<Row>, Long> {
  private static final long serialVersionUID = 1L;

  /** A statement of Redshift has at most 16 MB. */
  private static final int STATEMENT_LENGTH = 1 << 20;

  private static final int STATEMENT_ROWS = 1_000;

  /** What is sent before rows, and what rows follow. */
  record Sql(String lock, String clear, String insert) implements Serializable {}

  @Override
  public Iterator<Long> call(Iterator<Row> rows) {
    try (Session session = connection.database(whose).open()) {
      session.beginTransactions();
      session.execute(SqlStatement.of(sql.lock()));
      session.execute(SqlStatement.of(sql.clear()));
      long inserted = 0;
      while (rows.hasNext()) {
        inserted += insert(session, rows);
      }
      session.commit();
      return List.of(inserted).iterator();
    } catch (SQLException e) {
      throw SyncProblems.refused(place, "written", e);
    }
  }

  private long insert(Session session, Iterator<Row> rows) throws SQLException {
    StringBuilder statement = new StringBuilder(sql.insert());
    int count = 0;
    while (rows.hasNext() && count < STATEMENT_ROWS && statement.length() < STATEMENT_LENGTH) {
      append(rows.next(), statement.append(count == 0 ? "" : ", "));
      count++;
    }
    session.execute(SqlStatement.of(statement.toString()));
    return count;
  }

  private void append(Row row, StringBuilder statement) {
    for (int i = 0; i < types.size(); i++) {
      statement.append(i == 0 ? '(' : ',').append(value(types.get(i), row.getString(i)));
    }
    statement.append(')');
  }

  private String value(RedshiftType type, @Nullable String text) {
    try {
      return StateTableStatements.value(type, text);
    } catch (IllegalArgumentException e) {
      throw SyncProblems.unstorable(place);
    }
  }
}
