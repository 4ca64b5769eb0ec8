package io.penstock.jobs.events;

import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.EventsResult;
import io.penstock.common.run.StagedDelivery;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Records in files, which become visible with {@link #publish}. */
final class FileEvents implements EventsDelivery {
  private final EventsPlan plan;
  private final Dataset<Row> records;
  private final StagedDelivery files;
  private final Dataset<Row> failedRows;
  private final Map<String, Long> failures;
  private final RefusedEvents refused;

  /**
   * @param records kept, which both the files and the failed rows are taken from
   * @param failures how many rows have no record, by reason
   */
  FileEvents(
      EventsPlan plan,
      Dataset<Row> records,
      StagedDelivery files,
      Dataset<Row> failedRows,
      Map<String, Long> failures,
      RefusedEvents refused) {
    this.plan = plan;
    this.records = records;
    this.files = files;
    this.failedRows = failedRows;
    this.failures = failures;
    this.refused = refused;
  }

  private long failures() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public long rows() {
    return files.rows() + failures();
  }

  @Override
  public DestinationResult publish() {
    if (!plan.ofSync()) {
      refused.forget();
      shortfall().ifPresent(shortfall -> refused.settle(failed(), shortfall));
    }
    return files.publish().withEvents(new EventsResult(files.rows(), failures(), 0, 0));
  }

  @Override
  public FailedRows failed() {
    return new FailedRows() {
      @Override
      public long count() {
        return failures();
      }

      @Override
      public Dataset<Row> rows() {
        return failedRows;
      }
    };
  }

  @Override
  public Optional<PenstockException> shortfall() {
    return failures.isEmpty()
        ? Optional.empty()
        : Optional.of(EventsErrors.incomplete(plan, rows(), failures));
  }

  @Override
  public long rejected() {
    return plan.ofSync() ? 0 : failures();
  }

  @Override
  public void finish() {
    files.finish();
  }

  @Override
  public void cancel() {
    files.cancel();
  }

  @Override
  public void close() {
    files.close();
    records.unpersist();
  }
}
