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
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.report.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
      Mapped mapped = wiring.map(planned.jobFile());
      attempt.rejects(mapped);
      attempt.stage(mapped);
      attempt.reconcile();
      attempt.publish();
      RunRecord record = attempt.record(RunStatus.SUCCEEDED, Optional.empty());
      records.record(record);
      attempt.finish();
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
    private long rowsRejected;
    private long rowsRead;

    Attempt(RunPlan plan, Instant startedAt) {
      this.plan = plan;
      this.startedAt = startedAt;
    }

    /** Rejected rows are delivered before anything else, so that a run they fail can show them. */
    void rejects(Mapped mapped) {
      Interruption.check();
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

    void stage(Mapped mapped) {
      for (DestinationPlan destination : plan.destinations()) {
        begin(destination, "staging");
        staged.add(new Staged(destination, wiring.stage(destination, mapped, this::rejectable)));
      }
      underWay = Optional.empty();
    }

    private long rejectable() {
      return plan.jobFile().rejects().max() - rowsRejected;
    }

    /** Every destination must have been given the same rows. */
    void reconcile() {
      long rows = staged.isEmpty() ? 0 : staged.get(0).delivery().rows();
      for (Staged one : staged) {
        if (one.delivery().rows() != rows) {
          throw PenstockException.of(
              ErrorCode.RECONCILIATION_MISMATCH,
              "destinations were given different numbers of rows: "
                  + staged.get(0).plan().name()
                  + " "
                  + rows
                  + ", "
                  + one.plan().name()
                  + " "
                  + one.delivery().rows(),
              "the query gave different rows when it was evaluated again",
              "make the query deterministic; nothing was published");
        }
      }
      rowsRead = rows + rowsRejected;
    }

    /**
     * Tables first: they can still refuse rows, and then no file is visible either. Events last:
     * what was sent cannot be taken back.
     */
    void publish() {
      records.publishing(plan.context().runId());
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

    private void begin(DestinationPlan destination, String doing) {
      Interruption.check();
      underWay = Optional.of(destination);
      progress.step(destination.name(), doing);
    }

    void finish() {
      staged.forEach(one -> one.delivery().finish());
      records.finished(plan.context().runId());
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
    }
  }

  private record Staged(DestinationPlan plan, StagedDelivery delivery) {}
}
