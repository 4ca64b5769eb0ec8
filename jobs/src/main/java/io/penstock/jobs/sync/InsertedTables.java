package io.penstock.jobs.sync;

import io.penstock.common.config.StateSchema;
import io.penstock.common.plan.StateStatements;
import io.penstock.common.plan.StateTableStatements;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.CarriedConnection;
import io.penstock.jobs.redshift.Session;
import java.sql.SQLException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;

/**
 * Tables that one task fills by INSERT, where the source has no place for files. The task fills a
 * table that then takes the name of the one that is written: an attempt of it that was given up and
 * goes on all the same has no table any more.
 */
final class InsertedTables implements StateTables {
  private final StateSchema home;
  private final StateStatements statements;
  private final StateDatabase database;
  private final SecretResolver secrets;

  InsertedTables(StateSchema home, StateDatabase database, SecretResolver secrets) {
    this.home = home;
    this.statements = new StateStatements(home.schema(), home.job());
    this.database = database;
    this.secrets = secrets;
  }

  @Override
  public void write(TableName name, Dataset<Row> rows) {
    List<Column> columns = StateTypes.columns(rows.schema());
    StateTableStatements table = statements.rows(name, columns);
    StateTableStatements part = table.part();
    begin(part);
    long inserted = insert(part, columns, rows);
    database.write(session -> replace(session, table, part, inserted));
  }

  private void begin(StateTableStatements part) {
    database.write(
        session -> {
          StateDatabase.ensureSchema(session, statements);
          session.beginTransactions();
          session.execute(part.drop());
          session.execute(part.create());
          session.execute(part.label());
          session.commit();
          return part;
        });
  }

  /** Rows that the task has inserted. */
  private long insert(StateTableStatements part, List<Column> columns, Dataset<Row> rows) {
    List<RedshiftType> types = columns.stream().map(Column::type).toList();
    RowInserts inserts =
        new RowInserts(
            CarriedConnection.of(home.redshift().connection(), secrets),
            home.toString(),
            "source " + home.source(),
            new RowInserts.Sql(
                statements.lock(part.table()).sql(), part.clear().sql(), part.insertHead()),
            List.copyOf(types));
    org.apache.spark.sql.Column[] texts = new org.apache.spark.sql.Column[types.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(columns.get(i));
    }
    return rows.select(texts).repartition(1).toJavaRDD().mapPartitions(inserts).collect().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** The mode in which decimals have no exponent. */
  private static org.apache.spark.sql.Column text(Column column) {
    org.apache.spark.sql.Column value = StateColumns.named(column.name());
    return column.type().kind() == Kind.VARBYTE
        ? functions.hex(value)
        : new org.apache.spark.sql.Column(
                new Cast(value.expr(), DataTypes.StringType, Option.apply("UTC"), EvalMode.ANSI()))
            .as(column.name());
  }

  /** Does nothing where it was done and the reply was lost. */
  private long replace(
      Session session, StateTableStatements table, StateTableStatements part, long rows)
      throws SQLException {
    boolean done = session.query(statements.find(part.table()), row -> row.getString(1)).isEmpty();
    session.beginTransactions();
    session.execute(statements.lock(done ? table.table() : part.table()));
    long found = session.number(done ? table.count() : part.count());
    if (found != rows) {
      throw SyncProblems.miscounted(home.toString(), rows, found);
    }
    if (!done) {
      session.execute(table.drop());
      session.execute(part.renameTo(table));
    }
    session.commit();
    return found;
  }
}
