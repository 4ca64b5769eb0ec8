package io.penstock.jobs.app;

import io.penstock.common.config.WriteMode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.run.SyncResult;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.report.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run from start to end. Targets change only after every destination is staged and the counts
 * agree; the record is written before the done files, so that whatever dies in between is completed
 * by the next run with the same run id.
 */
final class JobRunner {
  private final RunRecords records;
  private final Wiring wiring;
  private final Progress progress;

  JobRunner(RunRecords records, Wiring wiring, Progress progress) {
    this.records = records;
    this.wiring = wiring;
    this.progress = progress;
  }

  /**
   * Carries the plan out.
   *
   * @throws FailedRun with the record of the failure, once that is written
   */
  RunRecord run(RunPlan planned) {
    Optional<RunRecord> earlier = records.succeeded(planned.context().runId());
    if (earlier.isPresent()) {
      return alreadyDone(planned, earlier.get());
    }
    Attempt attempt = new Attempt(resumed(planned), Instant.now());
    try (attempt) {
      wiring.requireKeys(planned);
      attempt.read();
      attempt.rejects();
      attempt.compare();
      attempt.stage();
      attempt.reconcile();
      attempt.publish();
      attempt.confirm();
      attempt.settle();
      RunRecord record = attempt.record(RunStatus.SUCCEEDED, Optional.empty());
      records.record(record);
      attempt.finish();
      records.finished(record.runId());
      return record;
    } catch (Exception | Error failure) {
      // Spark is Scala: it also throws checked exceptions that no signature names
      throw failed(attempt, wiring.translate(failure));
    } finally {
      wiring.release();
    }
  }

  /** Records a failure; that it cannot be recorded never hides what failed. */
  private FailedRun failed(Attempt attempt, PenstockException failure) {
    RunError error = new RunError(failure.code().name(), String.valueOf(failure.getMessage()));
    RunRecord record = attempt.record(RunStatus.FAILED, Optional.of(error));
    try {
      records.record(record);
    } catch (PenstockException unrecorded) {
      failure.addSuppressed(unrecorded);
    }
    wiring.noteFailure(attempt.plan, record);
    return new FailedRun(record, failure);
  }

  /** Completes a run that died after it was recorded as done. */
  private RunRecord alreadyDone(RunPlan plan, RunRecord earlier) {
    String runId = earlier.runId();
    if (!records.isFinished(runId)) {
      boolean latest = records.isLatest(runId);
      plan.destinations().forEach(destination -> wiring.completeFinish(destination, latest));
      wiring.completeSync(plan).ifPresent(records::synced);
      records.finished(runId);
    }
    return new RunRecord(
        earlier.job(),
        runId,
        RunStatus.ALREADY_DONE,
        earlier.startedAt(),
        earlier.endedAt(),
        earlier.rowsRead(),
        earlier.rowsRejected(),
        earlier.destinations(),
        earlier.sync(),
        Optional.empty());
  }

  /** What an earlier attempt of this run left visible is replaced, not mistaken for another's. */
  private RunPlan resumed(RunPlan plan) {
    if (!records.wasPublishing(plan.context().runId())) {
      return plan;
    }
    UnaryOperator<DeliveryPlan> replacing =
        delivery ->
            delivery.mode() == WriteMode.FAIL_IF_EXISTS
                ? delivery.withMode(WriteMode.OVERWRITE)
                : delivery;
    return plan.withDeliveries(replacing);
  }

  /** One attempt's staged deliveries and what became of them. */
  private final class Attempt implements AutoCloseable {
    private final RunPlan plan;
    private final Instant startedAt;
    private final List<Staged> staged = new ArrayList<>();
    private final List<DestinationResult> results = new ArrayList<>();
    private Optional<StagedDelivery> rejects = Optional.empty();
    private Optional<DestinationPlan> underWay = Optional.empty();
    private Optional<SyncResult> synced = Optional.empty();
    private @Nullable Syncing syncing;
    private long rowsRejected;
    private long rowsRead;

    Attempt(RunPlan plan, Instant startedAt) {
      this.plan = plan;
      this.startedAt = startedAt;
    }

    void read() {
      Mapped mapped = wiring.map(plan.jobFile());
      syncing = wiring.sync(plan, mapped, records::lastSync);
    }

    private Syncing syncing() {
      return Objects.requireNonNull(syncing, "the rows are read first");
    }

    /** Rejected rows are delivered before anything else, so that a run they fail can show them. */
    void rejects() {
      Interruption.check();
      Mapped mapped = syncing().read();
      Optional<DeliveryPlan> delivery = plan.rejects();
      if (delivery.isEmpty() || mapped.rejects().isEmpty()) {
        return;
      }
      progress.step("rejects", "collecting rejected rows");
      StagedDelivery collected = wiring.stageFiles(mapped.rejects().get(), delivery.get());
      rejects = Optional.of(collected);
      rowsRejected = collected.rows();
      if (rowsRejected > 0) {
        collected.publish();
        collected.finish();
      }
      long max = plan.jobFile().rejects().max();
      if (rowsRejected > max) {
        throw PenstockException.of(
            ErrorCode.REJECTS_EXCEEDED,
            rowsRejected + " rows were rejected, and rejects.max is " + max,
            "they do not fit the template; see " + delivery.get().location(),
            "mend the rows or the template, or raise rejects.max; nothing was published");
      }
    }

    /** A job without a sync has nothing to compare. */
    void compare() {
      Interruption.check();
      if (plan.jobFile().sync().isPresent()) {
        progress.step("sync", "comparing");
      }
      synced = syncing().compare();
    }

    void stage() {
      for (DestinationPlan destination : plan.destinations()) {
        begin(destination, "staging");
        Syncing.Given given = syncing().give(destination);
        staged.add(
            new Staged(destination, wiring.stage(given.plan(), given.rows(), this::rejectable)));
      }
      underWay = Optional.empty();
    }

    private long rejectable() {
      return plan.jobFile().rejects().max() - rowsRejected;
    }

    /** Every destination must have been given the same rows, and a sync's those that it found. */
    void reconcile() {
      long rows = synced.map(SyncResult::sent).orElseGet(() -> staged.get(0).delivery().rows());
      for (Staged one : staged) {
        if (one.delivery().rows() != rows) {
          throw PenstockException.of(
              ErrorCode.RECONCILIATION_MISMATCH,
              "destinations were given different numbers of rows: "
                  + (synced.isPresent() ? "the sync found" : staged.get(0).plan().name())
                  + " "
                  + rows
                  + ", "
                  + one.plan().name()
                  + " "
                  + one.delivery().rows(),
              "the query gave different rows when it was evaluated again",
              "make the query deterministic, or run again when nothing writes its sources; nothing"
                  + " was published");
        }
      }
      rowsRead = synced.map(SyncResult::read).orElse(rows) + rowsRejected;
    }

    /**
     * Tables first: they can still refuse rows, and then no file is visible either. Events last:
     * what was sent cannot be taken back.
     */
    void publish() {
      records.publishing(plan.context().runId());
      syncing().publishing();
      List<Staged> inOrder = new ArrayList<>(staged);
      inOrder.sort(Comparator.comparing(one -> finality(one.plan())));
      for (Staged one : inOrder) {
        begin(one.plan(), "publishing");
        results.add(one.delivery().publish());
        rowsRejected += one.delivery().rejected();
      }
      Interruption.check();
    }

    private static int finality(DestinationPlan plan) {
      if (plan instanceof DestinationPlan.Events) {
        return 2;
      }
      return plan instanceof DestinationPlan.Files ? 1 : 0;
    }

    /** What a destination did not take is kept before anything says that the run is done. */
    void confirm() {
      synced = syncing().confirm(wiring.failedRows());
    }

    private void begin(DestinationPlan destination, String doing) {
      Interruption.check();
      underWay = Optional.of(destination);
      progress.step(destination.name(), doing);
    }

    /**
     * Rows that a destination did not take are the next sync's; more of them than the run may
     * reject fail it, once all else is done.
     */
    void settle() {
      if (synced.map(SyncResult::failed).orElse(0L) <= rejectable()) {
        return;
      }
      PenstockException shortfall =
          wiring
              .shortfall()
              .orElseThrow(() -> new IllegalStateException("rows that nobody misses"));
      results.replaceAll(DestinationResult::withFailedEvents);
      finish();
      throw shortfall;
    }

    /** A sync is the last to be done: until then the next one sends the same rows again. */
    void finish() {
      staged.forEach(one -> one.delivery().finish());
      syncing().advance();
      synced.map(SyncResult::number).ifPresent(records::synced);
    }

    RunRecord record(RunStatus status, Optional<RunError> error) {
      return new RunRecord(
          plan.context().job(),
          plan.context().runId(),
          status,
          startedAt,
          Instant.now(),
          rowsRead,
          rowsRejected,
          plan.destinations().stream().map(this::result).toList(),
          synced,
          error);
    }

    private DestinationResult result(DestinationPlan destination) {
      return results.stream()
          .filter(result -> result.name().equals(destination.name()))
          .findFirst()
          .orElseGet(() -> destination.unpublished(unfinished(destination)));
    }

    private RunStatus unfinished(DestinationPlan destination) {
      return underWay.filter(destination::equals).isPresent()
          ? RunStatus.FAILED
          : RunStatus.NOT_STARTED;
    }

    @Override
    public void close() {
      Interruption.acknowledge();
      staged.forEach(one -> one.delivery().close());
      rejects.ifPresent(StagedDelivery::close);
      if (syncing != null) {
        syncing.close();
      }
    }
  }

  private record Staged(DestinationPlan plan, StagedDelivery delivery) {}
}
