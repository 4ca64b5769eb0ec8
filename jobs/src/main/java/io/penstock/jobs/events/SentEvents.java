package io.penstock.jobs.events;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.EventsResult;
import io.penstock.common.run.RunStatus;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that are made, kept and sent by {@link #publish}. */
final class SentEvents implements EventsDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(SentEvents.class);

  private final SparkSession spark;
  private final EventsPlan plan;
  private final SendSettings settings;
  private final FailedFolder folder;
  private final Dataset<Row> records;
  private final long rows;
  private final RefusedEvents refused;
  private TaskTally tally = TaskTally.NOTHING;

  /**
   * @param records kept, so that every attempt of a task sends the same in the same order
   */
  SentEvents(
      SparkSession spark,
      EventsPlan plan,
      SendSettings settings,
      FailedFolder folder,
      Dataset<Row> records,
      long rows,
      RefusedEvents refused) {
    this.spark = spark;
    this.plan = plan;
    this.settings = settings;
    this.folder = folder;
    this.records = records;
    this.rows = rows;
    this.refused = refused;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public DestinationResult publish() {
    if (!plan.ofSync()) {
      refused.forget();
    }
    tally = EventsWrite.send(spark, records, settings);
    Optional<PenstockException> shortfall = shortfall();
    if (shortfall.isPresent() && tally.refused().isPresent()) {
      throw shortfall.get();
    }
    if (shortfall.isPresent() && !plan.ofSync()) {
      refused.settle(failed(), shortfall.get());
    }
    return result();
  }

  private DestinationResult result() {
    return new DestinationResult(
            plan.destination().name(),
            "events",
            RunStatus.SUCCEEDED,
            tally.sent(),
            tally.bytes(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty())
        .withEvents(
            new EventsResult(tally.sent(), tally.failed(), tally.requests(), tally.retries()));
  }

  @Override
  public FailedRows failed() {
    StoreLocation location = settings.failed();
    List<String> files = tally.files();
    long count = tally.failed();
    StructType keys = (StructType) records.schema().apply(EventRecords.KEY).dataType();
    return new FailedRows() {
      @Override
      public long count() {
        return count;
      }

      @Override
      public Dataset<Row> rows() {
        return FailedKeysScan.rows(spark, location, files, keys);
      }
    };
  }

  @Override
  public Optional<PenstockException> shortfall() {
    String name = plan.destination().name();
    if (tally.refused().isPresent()) {
      return Optional.of(EventsErrors.endpointRefused(name, tally.refused().get(), tally.sent()));
    }
    return tally.failed() == 0
        ? Optional.empty()
        : Optional.of(EventsErrors.incomplete(plan, rows, tally.failures()));
  }

  @Override
  public long rejected() {
    return plan.ofSync() ? 0 : tally.failed();
  }

  @Override
  public void finish() {
    folder.clear();
  }

  @Override
  public void close() {
    records.unpersist();
    try {
      folder.clear();
    } catch (PenstockException e) {
      LOG.warn("{}", e.getMessage());
    }
  }
}
