package io.penstock.jobs.events;

import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.store.ObjectStores;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Delivers rows as events. Records are made, checked and counted before the first is sent. A record
 * is sent at least once, always with the same message id.
 */
public final class EventsEngine {
  private final SparkSession spark;
  private final SecretResolver secrets;
  private final FileStaging files;
  private final EventsLimits limits;

  /**
   * @param files writes records where they go to files, and rejects
   */
  public EventsEngine(SparkSession spark, SecretResolver secrets, FileStaging files) {
    this(spark, secrets, files, EventsLimits.STANDARD);
  }

  EventsEngine(SparkSession spark, SecretResolver secrets, FileStaging files, EventsLimits limits) {
    this.spark = spark;
    this.secrets = secrets;
    this.files = files;
    this.limits = limits;
  }

  /**
   * Refuses a write key that is not found.
   *
   * @throws io.penstock.common.error.PenstockException {@code SECRET_UNRESOLVED}
   */
  public static void requireKey(EventsPlan plan, SecretResolver secrets) {
    if (plan.destination().to() instanceof Target.Http http) {
      secrets.resolve(http.writeKey());
    }
  }

  /**
   * The columns that say whom a row is about, where records can be made of the rows; reads nothing.
   *
   * @throws io.penstock.common.error.PenstockException as {@link #stage(Dataset, EventsPlan)} for a
   *     column
   */
  public static String identity(Dataset<Row> rows, EventsPlan plan) {
    new EventRecords(rows, plan).complete();
    return String.join(", ", plan.destination().identity().columns());
  }

  /**
   * Makes the records of a sync's changes. Those that fail are the caller's: nothing is thrown for
   * them, unless the endpoint takes none at all.
   *
   * @param changes the template's columns and, where the plan is of a sync, that of {@link
   *     io.penstock.common.sync.RowOperation}
   * @throws io.penstock.common.error.PenstockException {@code CONFIG_INVALID_VALUE}, {@code
   *     CONFIG_CONFLICT}, {@code DELIVERY_VALUE_REFUSED}, {@code SECRET_UNRESOLVED}, {@code
   *     DELIVERY_FAILED}; or what the rows failed with
   */
  public EventsDelivery stage(Dataset<Row> changes, EventsPlan plan) {
    return stage(changes, plan, () -> 0);
  }

  /**
   * As {@link #stage(Dataset, EventsPlan)}. Without a sync, records that are not accepted go to the
   * run's rejects.
   *
   * @param rejectable how many rows the run may still reject; more make {@link
   *     StagedDelivery#publish} fail with {@code EVENTS_INCOMPLETE}, after all that could be sent
   *     was
   */
  public EventsDelivery stage(Dataset<Row> changes, EventsPlan plan, LongSupplier rejectable) {
    RefusedEvents refused = new RefusedEvents(plan, secrets, files, rejectable);
    EventRecords records = new EventRecords(changes, plan);
    return plan.files().isPresent()
        ? written(records, plan, plan.files().get(), refused)
        : sent(records, plan, refused);
  }

  private EventsDelivery sent(EventRecords made, EventsPlan plan, RefusedEvents refused) {
    EventsDestination events = plan.destination();
    StoreLocation failed = ObjectStores.resolved(plan.failed(), secrets);
    FailedFolder folder = new FailedFolder(events.name(), failed);
    SendSettings settings =
        SendSettings.of(events.name(), address(events), events.sending(), failed, limits);
    folder.clear();
    Dataset<Row> records = made.arranged(tasks(settings)).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long rows = records.count();
      return new SentEvents(spark, plan, settings, folder, records, rows, refused);
    } catch (Exception e) {
      records.unpersist();
      throw e;
    }
  }

  private HttpEndpoint.Address address(EventsDestination events) {
    return HttpEndpoint.Address.of(
        (Target.Http) events.to(), events.sending().timeout(), events.sending().gzip(), secrets);
  }

  /** With more tasks than requests in a second each of them would wait for its turn. */
  private int tasks(SendSettings settings) {
    int parallelism = spark.sparkContext().defaultParallelism();
    int limit = settings.requestsPerSecond();
    return Math.max(1, limit == 0 ? parallelism : Math.min(parallelism, limit));
  }

  private EventsDelivery written(
      EventRecords made, EventsPlan plan, DeliveryPlan delivery, RefusedEvents refused) {
    Dataset<Row> records = made.complete().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Dataset<Row> failed =
          records
              .filter(functions.col(EventRecords.REFUSAL).isNotNull())
              .select(
                  functions.col(EventRecords.KEY + ".*"),
                  functions.col(EventRecords.REFUSAL).as(FailedKeys.REASON));
      Dataset<Row> lines =
          records
              .filter(functions.col(EventRecords.REFUSAL).isNull())
              .select(functions.col(EventRecords.RECORD).cast("string").as(EventRecords.RECORD));
      StagedDelivery staged = files.stage(lines, delivery);
      try {
        return new FileEvents(plan, records, staged, failed, reasons(failed), refused);
      } catch (Exception e) {
        staged.close();
        throw e;
      }
    } catch (Exception e) {
      records.unpersist();
      throw e;
    }
  }

  /** How many rows failed, by reason; there are but a few of these. */
  private static Map<String, Long> reasons(Dataset<Row> failed) {
    Map<String, Long> reasons = new TreeMap<>();
    for (Row row : failed.groupBy(FailedKeys.REASON).count().collectAsList()) {
      reasons.put(row.getString(0), row.getLong(1));
    }
    return reasons;
  }
}
