package io.penstock.jobs.events;

import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * What becomes of rows that were not accepted where no sync remembers them: they are told of among
 * the run's rejects, in the form that the template's have, and more of them than the run may reject
 * fail it.
 */
final class RefusedEvents {
  private final EventsPlan plan;
  private final SecretResolver secrets;
  private final FileStaging files;
  private final LongSupplier rejectable;

  /**
   * @param rejectable how many rows the run may still reject
   */
  RefusedEvents(
      EventsPlan plan, SecretResolver secrets, FileStaging files, LongSupplier rejectable) {
    this.plan = plan;
    this.secrets = secrets;
    this.files = files;
    this.rejectable = rejectable;
  }

  /** Removes what an earlier attempt of the run has told. */
  void forget() {
    DeliveryPlan rejects = plan.rejects();
    try (ObjectStore store =
        ObjectStores.open(ObjectStores.resolved(rejects.location(), secrets))) {
      store.delete(
          store.list(rejects.fileName().head()).stream()
              .map(StoredObject::key)
              .filter(rejects.fileName()::matches)
              .toList());
    } catch (IOException e) {
      throw EventsErrors.state("removed", plan.destination().name(), e);
    }
  }

  /**
   * Tells of the rows.
   *
   * @param shortfall what to fail with where they are too many
   * @throws PenstockException the shortfall
   */
  void settle(FailedRows failed, PenstockException shortfall) {
    try (StagedDelivery told = files.stage(told(failed.rows()), plan.rejects())) {
      told.publish();
      told.finish();
    }
    if (failed.count() > rejectable.getAsLong()) {
      throw shortfall;
    }
  }

  private Dataset<Row> told(Dataset<Row> rows) {
    Column[] keys =
        Arrays.stream(rows.columns())
            .filter(name -> !name.equals(FailedKeys.REASON))
            .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
            .toArray(Column[]::new);
    Column row = functions.to_json(functions.struct(keys));
    Column noColumn = functions.lit(null).cast(DataTypes.StringType).as("column");
    Column reason = functions.col(FailedKeys.REASON).as("reason");
    return rows.select(
        functions.sha2(row, 256).as("row_key"),
        functions.lit(plan.destination().name()).as("rejected_by"),
        noColumn,
        reason,
        functions.array(functions.struct(noColumn, reason)).as("errors"),
        row.as("row"));
  }
}
