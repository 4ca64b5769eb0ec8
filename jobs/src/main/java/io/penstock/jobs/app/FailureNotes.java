package io.penstock.jobs.app;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.load.Ledger;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes a failed run in the ledgers of its tables, so that those who look at the warehouse see it.
 * The run's own record is at the state location; a ledger that does not answer in time goes
 * without.
 */
final class FailureNotes {
  private static final Logger LOG = LoggerFactory.getLogger(FailureNotes.class);
  private static final long LONGEST_SECONDS = 8;

  /** After these the ledger cannot be reached, or another run holds it. */
  private static final Set<String> UNREACHABLE =
      Set.of(
          ErrorCode.LOAD_CONNECTION.name(),
          ErrorCode.SECRET_UNRESOLVED.name(),
          ErrorCode.TARGET_HELD.name());

  private FailureNotes() {}

  /** Does nothing where a table has the run's rows, or the ledger cannot be reached. */
  static void write(RunPlan plan, RunRecord failed, SecretResolver secrets) {
    RunError error = failed.error().orElseThrow();
    List<RedshiftDestination> tables =
        plan.destinations().stream()
            .filter(DestinationPlan.Table.class::isInstance)
            .map(table -> ((DestinationPlan.Table) table).load().destination())
            .toList();
    if (tables.isEmpty() || UNREACHABLE.contains(error.code())) {
      return;
    }
    inTime(
        () -> {
          for (RedshiftDestination table : tables) {
            new Ledger(table, secrets).recordFailure(plan.context(), failed.endedAt(), error);
          }
        });
  }

  private static void inTime(Runnable writing) {
    FutureTask<Void> task = new FutureTask<>(writing, null);
    Thread writer = new Thread(task, "penstock-failure-notes");
    writer.setDaemon(true);
    writer.start();
    try {
      task.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException unwritten) {
      LOG.info("the ledger does not say that the run failed\n{}", Failures.stack(unwritten));
    } catch (TimeoutException tooLong) {
      LOG.info("the ledger does not say that the run failed: no answer in time");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
