package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.run.SyncResult;
import io.penstock.common.sync.RowOperation;
import io.penstock.common.sync.RowOrigin;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.testing.LocalSpark;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A run whose one destination is a {@link SyncEndpoint}, and that dies at a given point: nothing is
 * written any more from there on.
 */
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

  /** What a killed process does not live to see. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final StructType FAILED =
      new StructType()
          .add("id", DataTypes.LongType)
          .add(RowOperation.COLUMN, DataTypes.StringType)
          .add("reason", DataTypes.StringType);

  private final JobWiring wiring;
  private final SyncEndpoint endpoint;
  private final Fault fault;
  private final Random random;
  private final boolean refuses;
  private final List<Row> failed = new ArrayList<>();
  private boolean dead;

  /**
   * @param refuses whether the endpoint refuses some rows
   */
  FaultyWiring(
      JobWiring wiring, SyncEndpoint endpoint, Fault fault, boolean refuses, Random random) {
    this.wiring = wiring;
    this.endpoint = endpoint;
    this.fault = fault;
    this.refuses = refuses;
    this.random = random;
  }

  private void at(Fault point) {
    if (fault == point) {
      dead = true;
      throw new Killed();
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
    return new Watched((JobSync) wiring.sync(plan, mapped, known));
  }

  private final class Watched implements Syncing {
    private final JobSync sync;

    Watched(JobSync sync) {
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
      Dataset<Row> changes = sync.changes();
      return new Given(
          destination, new Mapped(changes, changes, Optional.empty(), sync.read().columns()));
    }

    @Override
    public void publishing() {
      if (fault == Fault.STATE_CANNOT_BE_WRITTEN) {
        throw PenstockException.of(ErrorCode.STATE_UNREADABLE, "full", "no space", "make some");
      }
      sync.publishing();
      at(Fault.BEFORE_DELIVERY);
    }

    @Override
    public Optional<SyncResult> confirm(List<Dataset<Row>> rows) {
      at(Fault.AFTER_DELIVERY);
      Optional<SyncResult> result = sync.confirm(rows);
      at(Fault.AFTER_CONFIRMATION);
      return result;
    }

    @Override
    public void advance() {
      at(Fault.BEFORE_ADVANCE);
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
    List<Row> rows = new ArrayList<>(mapped.rows().collectAsList());
    Collections.shuffle(rows, random);
    return new Delivery(destination, rows);
  }

  private final class Delivery implements StagedDelivery {
    private final DestinationPlan destination;
    private final List<Row> rows;

    Delivery(DestinationPlan destination, List<Row> rows) {
      this.destination = destination;
      this.rows = rows;
    }

    @Override
    public long rows() {
      return rows.size();
    }

    @Override
    public DestinationResult publish() {
      int last = random.nextInt(rows.size() + 1);
      for (int i = 0; i < rows.size(); i++) {
        if (i == last) {
          at(Fault.WITHIN_DELIVERY);
        }
        send(rows.get(i));
      }
      return destination.unpublished(RunStatus.SUCCEEDED);
    }

    /** A row that is refused may have been taken all the same, where the reply was lost. */
    private void send(Row row) {
      boolean refused = refuses && random.nextInt(4) == 0;
      if (!refused || random.nextBoolean()) {
        endpoint.accept(
            row.getLong(row.fieldIndex(RowOrigin.COLUMN)),
            row.getLong(row.fieldIndex("id")),
            row.getString(row.fieldIndex(RowOperation.COLUMN)),
            row.getString(row.fieldIndex("email")));
      }
      if (refused) {
        failed.add(
            RowFactory.create(
                row.getLong(row.fieldIndex("id")),
                row.getString(row.fieldIndex(RowOperation.COLUMN)),
                "503"));
      }
    }

    @Override
    public void finish() {
      at(Fault.AFTER_RECORD);
    }

    @Override
    public void close() {}
  }

  @Override
  public List<Dataset<Row>> failedRows() {
    return failed.isEmpty()
        ? List.of()
        : List.of(LocalSpark.session().createDataFrame(failed, FAILED));
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
  public void requireKeys(RunPlan plan) {}

  @Override
  public StagedDelivery stageFiles(Dataset<Row> rows, DeliveryPlan delivery) {
    throw new IllegalStateException("no files");
  }

  @Override
  public void completeFinish(DestinationPlan destination, boolean latest) {}

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
