package io.penstock.jobs.events;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.penstock.common.plan.EventsPlan;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Records for people to look at. */
public final class EventSample {
  private EventSample() {}

  /**
   * The record of each row, or {@code {"refused":"reason"}}; read once.
   *
   * @throws io.penstock.common.error.PenstockException as {@link EventsEngine#stage}
   */
  public static List<String> of(Dataset<Row> rows, EventsPlan plan) {
    return new EventRecords(rows, plan)
            .complete()
            .select(
                functions.col(EventRecords.RECORD).cast("string"),
                functions.col(EventRecords.REFUSAL))
            .collectAsList()
            .stream()
            .map(row -> row.isNullAt(0) ? refused(row.getString(1)) : row.getString(0))
            .toList();
  }

  private static String refused(String reason) {
    return "{\"refused\":\""
        + new String(JsonStringEncoder.getInstance().quoteAsString(reason))
        + "\"}";
  }
}
