package io.penstock.jobs.load;

import io.penstock.common.config.Application;
import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.schema.Column;
import io.penstock.jobs.load.TargetTable.Widened;
import io.penstock.jobs.redshift.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Makes VARCHAR columns of the target as long as the rows need them. Redshift refuses that within a
 * transaction block (Amazon Redshift Database Developer Guide, "ALTER TABLE"), so it happens before
 * the load's transaction, on a second connection, while the first holds the lock of the ledger: no
 * other load can make a column longer in between, which this one would then make shorter.
 */
final class Widening {
  private static final String LOCK = "the lock of the ledger";

  private final LoadPlan plan;
  private final List<Column> columns;
  private final LoadStatements statements;
  private final Duration lockWait;
  private String work = LOCK;

  Widening(LoadPlan plan, List<Column> columns, Duration lockWait) {
    this.plan = plan;
    this.columns = columns;
    this.statements = new LoadStatements(plan, columns);
    this.lockWait = lockWait;
  }

  /** Whether the destination lets columns be made longer. */
  static boolean isWanted(LoadPlan plan) {
    Application application = plan.destination().application();
    return application.schemaChange() == SchemaChange.ADD_COLUMNS
        && application.operation() == Operation.UPDATE;
  }

  /**
   * Does nothing where the run was applied already.
   *
   * @param holder in whose transaction the lock is held; rolled back at the end
   * @param second opens the connection for the changes; asked where there are any
   * @return what was changed
   */
  List<String> run(Session holder, Supplier<Session> second) throws SQLException {
    holder.execute(statements.lockLedger(), lockWait);
    work = "the look-up of the table's columns";
    List<Widened> narrow = narrow(holder);
    List<String> changes = narrow.isEmpty() ? List.of() : widen(narrow, second);
    holder.rollback();
    return changes;
  }

  boolean isWaiting() {
    return work.equals(LOCK);
  }

  /** What was being done when a statement failed. */
  String work() {
    return work;
  }

  private List<Widened> narrow(Session holder) throws SQLException {
    if (Ledger.find(holder, statements.ledger(), plan.run(), plan.destination().name())
        .isPresent()) {
      return List.of();
    }
    List<TargetTable.Found> found =
        holder.query(statements.target().describe(), TargetTable.Found::of);
    return found.isEmpty()
        ? List.of()
        : new TargetTable(plan.destination().table().name(), found)
            .changesFor(columns, plan.destination().application())
            .widened();
  }

  private List<String> widen(List<Widened> narrow, Supplier<Session> second) throws SQLException {
    List<String> changes = new ArrayList<>();
    try (Session session = second.get()) {
      for (Widened one : narrow) {
        Column column = one.column();
        work = "ALTER TABLE for column " + column.name();
        session.execute(statements.target().widen(column), lockWait);
        changes.add(
            "widened column "
                + column.name()
                + " from "
                + one.from()
                + " to varchar("
                + column.type().length()
                + ")");
      }
    }
    return changes;
  }
}
