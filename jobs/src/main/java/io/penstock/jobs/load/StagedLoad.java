package io.penstock.jobs.load;

import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LedgerEntry;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows that wait to be applied to a table. */
final class StagedLoad implements StagedDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(StagedLoad.class);

  private final LoadPlan plan;
  private final Stage stage;
  private final LoadTransaction transaction;
  private long rejected;

  StagedLoad(LoadPlan plan, Stage stage, LoadTransaction transaction) {
    this.plan = plan;
    this.stage = stage;
    this.transaction = transaction;
  }

  @Override
  public long rows() {
    return stage.rows();
  }

  @Override
  public DestinationResult publish() {
    stage.open();
    LoadTransaction.Applied applied = transaction.run(stage);
    LedgerEntry entry = applied.entry();
    rejected = plan.refused().isPresent() ? Math.max(0, stage.rows() - entry.rows()) : 0;
    entry
        .load()
        .schemaChanges()
        .forEach(change -> LOG.info("{}: {}", entry.load().table(), change));
    return new DestinationResult(
        plan.destination().name(),
        "redshift",
        applied.already() ? RunStatus.ALREADY_DONE : RunStatus.SUCCEEDED,
        entry.rows(),
        applied.already() ? 0 : stage.bytes(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(entry.load()));
  }

  @Override
  public long rejected() {
    return rejected;
  }

  @Override
  public void finish() {
    removeStaged();
  }

  @Override
  public void cancel() {
    transaction.cancel();
  }

  @Override
  public void close() {
    transaction.cancel();
    removeStaged();
  }

  /** The load's own outcome is decided by then, so that a failure is told and no more. */
  private void removeStaged() {
    try {
      stage.remove();
    } catch (PenstockException e) {
      LOG.warn("{}", e.getMessage());
    }
  }
}
