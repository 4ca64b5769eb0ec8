package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.run.SyncResult;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.testing.EventsControl;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A run of a sync that dies at a given point: nothing is written any more from there on. */
final class FaultyWiring implements Wiring {
  /** Where a run dies. */
  enum Fault {
    NONE,
    BEFORE_COMPARING,
    AFTER_COMPARING,
    STATE_CANNOT_BE_WRITTEN,
    BEFORE_DELIVERY,
    WITHIN_DELIVERY,
    AFTER_DELIVERY,
    AFTER_CONFIRMATION,
    AFTER_RECORD,
    BEFORE_ADVANCE,
    AFTER_ADVANCE
  }

  /** When the state is written. */
  private enum Write {
    PUBLISHING,
    CONFIRMATION,
    ADVANCE
  }

  /** What a killed process does not live to see. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final JobWiring wiring;
  private final EventsControl receiver;
  private final Fault fault;
  private final Random random;
  private final Write unwritten;
  private boolean dead;

  FaultyWiring(JobWiring wiring, EventsControl receiver, Fault fault, Random random) {
    this.wiring = wiring;
    this.receiver = receiver;
    this.fault = fault;
    this.random = random;
    this.unwritten = Write.values()[random.nextInt(Write.values().length)];
  }

  private void at(Fault point) {
    if (fault == point) {
      dead = true;
      throw new Killed();
    }
  }

  private void writes(Write write) {
    if (fault == Fault.STATE_CANNOT_BE_WRITTEN && write == unwritten) {
      throw PenstockException.of(ErrorCode.STATE_UNREADABLE, "full", "no space", "make some");
    }
  }

  /** The store, to which a dead run writes nothing. */
  ObjectStore mortal(ObjectStore store) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (dead && List.of(method.getExceptionTypes()).contains(IOException.class)) {
                throw new IOException("the process is dead");
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public Syncing sync(RunPlan plan, Mapped mapped, LongSupplier known) {
    return new Watched(wiring.sync(plan, mapped, known));
  }

  private final class Watched implements Syncing {
    private final Syncing sync;

    Watched(Syncing sync) {
      this.sync = sync;
    }

    @Override
    public Mapped read() {
      return sync.read();
    }

    @Override
    public Optional<SyncResult> compare() {
      at(Fault.BEFORE_COMPARING);
      Optional<SyncResult> result = sync.compare();
      at(Fault.AFTER_COMPARING);
      return result;
    }

    @Override
    public Given give(DestinationPlan destination) {
      return sync.give(destination);
    }

    @Override
    public void publishing() {
      writes(Write.PUBLISHING);
      sync.publishing();
      at(Fault.BEFORE_DELIVERY);
    }

    @Override
    public Optional<SyncResult> confirm(List<Dataset<Row>> rows) {
      at(Fault.AFTER_DELIVERY);
      writes(Write.CONFIRMATION);
      Optional<SyncResult> result = sync.confirm(rows);
      at(Fault.AFTER_CONFIRMATION);
      return result;
    }

    @Override
    public void advance() {
      at(Fault.BEFORE_ADVANCE);
      writes(Write.ADVANCE);
      sync.advance();
      at(Fault.AFTER_ADVANCE);
    }

    @Override
    public void close() {
      sync.close();
    }
  }

  @Override
  public StagedDelivery stage(DestinationPlan destination, Mapped mapped, LongSupplier rejectable) {
    return new Delivery(wiring.stage(destination, mapped, rejectable));
  }

  private final class Delivery implements StagedDelivery {
    private final StagedDelivery delivery;

    Delivery(StagedDelivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public long rows() {
      return delivery.rows();
    }

    /** A run that dies while it sends has sent nothing from some record on. */
    @Override
    public DestinationResult publish() {
      if (fault == Fault.WITHIN_DELIVERY) {
        String kept = random.nextBoolean() ? "half" : "none";
        receiver.fault(Map.of("answer", "503", "kept", kept, "after", random.nextInt(2)));
      }
      DestinationResult result = delivery.publish();
      at(Fault.WITHIN_DELIVERY);
      return result;
    }

    @Override
    public void finish() {
      at(Fault.AFTER_RECORD);
      delivery.finish();
    }

    @Override
    public void close() {
      delivery.close();
    }
  }

  @Override
  public List<Dataset<Row>> failedRows() {
    return wiring.failedRows();
  }

  @Override
  public Optional<PenstockException> shortfall() {
    return wiring.shortfall();
  }

  @Override
  public Mapped map(JobFile jobFile) {
    return wiring.map(jobFile);
  }

  @Override
  public Optional<Long> completeSync(RunPlan plan) {
    return wiring.completeSync(plan);
  }

  @Override
  public void requireKeys(RunPlan plan) {
    wiring.requireKeys(plan);
  }

  @Override
  public StagedDelivery stageFiles(Dataset<Row> rows, DeliveryPlan delivery) {
    return wiring.stageFiles(rows, delivery);
  }

  @Override
  public void completeFinish(DestinationPlan destination, boolean latest) {
    wiring.completeFinish(destination, latest);
  }

  @Override
  public void noteFailure(RunPlan plan, RunRecord failed) {}

  @Override
  public PenstockException translate(Throwable failure) {
    return failure instanceof Killed
        ? PenstockException.of(ErrorCode.INTERRUPTED, "killed", "kill -9", "run again", failure)
        : wiring.translate(failure);
  }

  @Override
  public void release() {
    wiring.release();
  }
}
