package io.penstock.jobs.load;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.ApplyStatements;
import io.penstock.common.plan.ApplyStatements.Effect;
import io.penstock.common.plan.ApplyStatements.Step;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.jobs.redshift.Session;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Applies the stage table to the target, and holds what the write promises about keys. */
final class RowChanges {
  private final Session session;
  private final LoadPlan plan;
  private final ApplyStatements statements;

  RowChanges(Session session, LoadPlan plan, ApplyStatements statements) {
    this.session = session;
    this.plan = plan;
    this.statements = statements;
  }

  /**
   * @param rows of the stage table
   * @throws PenstockException {@code LOAD_KEYS_REFUSED} where a key is NULL or there twice
   */
  void requireKeys(long rows) throws SQLException {
    long without = session.number(statements.countNullKeys());
    long[] repeated =
        session
            .query(
                statements.countRepeatedKeys(), row -> new long[] {row.getLong(1), row.getLong(2)})
            .get(0);
    if (without == 0 && repeated[0] == 0) {
      return;
    }
    throw PenstockException.of(
        ErrorCode.LOAD_KEYS_REFUSED,
        "The rows for table "
            + plan.destination().table().name()
            + " cannot be told apart by keys = ["
            + String.join(", ", plan.destination().application().keys())
            + "]",
        "of "
            + rows
            + " rows, "
            + without
            + " hold NULL in a key column, and "
            + repeated[0]
            + " keys occur more than once, in "
            + repeated[1]
            + " rows",
        "Make the query return one row for each key, or change keys; nothing was applied");
  }

  /** Changes the target's rows. Effects that the write does not have are not counted. */
  LoadResult apply() throws SQLException {
    Map<Effect, Long> counts = new EnumMap<>(Effect.class);
    for (Step step : statements.steps()) {
      counts.put(step.effect(), session.execute(step.sql()));
    }
    return new LoadResult(
        plan.destination().table().name().toString(),
        plan.operation(),
        count(counts, Effect.INSERTED),
        count(counts, Effect.UPDATED),
        count(counts, Effect.DELETED),
        List.of());
  }

  private static OptionalLong count(Map<Effect, Long> counts, Effect effect) {
    Long count = counts.get(effect);
    return count == null ? OptionalLong.empty() : OptionalLong.of(count);
  }

  /**
   * After a mirror the target holds a row for each row of the stage, and no other.
   *
   * @throws PenstockException {@code LOAD_TARGET_MISMATCH} where it held a key twice before
   */
  void requireExact(long rows) throws SQLException {
    long counted = session.number(statements.countTarget());
    if (counted != rows) {
      throw PenstockException.of(
          ErrorCode.LOAD_TARGET_MISMATCH,
          "Table " + plan.destination().table().name() + " cannot mirror the rows",
          "it would hold " + counted + " rows for " + rows + ", because it has keys more than once",
          "Remove the rows that repeat a key, or load once with write = overwrite");
    }
  }
}
