package io.penstock.bench;

import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.jobs.deliver.DeliveryEngine;
import io.penstock.jobs.events.EventsDelivery;
import io.penstock.jobs.events.EventsEngine;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows as events to the receiver of a sandbox on this machine, in batches of 500 and without a
 * limit of requests. The rows are in memory before the clock starts; the receiver, which reads and
 * keeps every record, takes its share of the machine.
 */
final class EventsContest implements Contest {
  private static final int ROWS = 200_000;
  private static final int BATCH = 500;
  private static final int WARM_UPS = 2;

  @Override
  public String name() {
    return "events";
  }

  @Override
  public String peer() {
    return "foreach-partition";
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Folder folder = new Folder(setting.output().resolve("events"));
    Dataset<Row> rows =
        setting
            .rows(Lineitem.Form.TYPED)
            .limit(ROWS)
            .repartition(2)
            .persist(StorageLevel.MEMORY_ONLY());
    try (SandboxBucket sandbox = SandboxBucket.start(folder)) {
      long count = rows.count();
      EventSink sink = sandbox.events();
      Paired.Result result =
          new Paired(setting.rounds(), WARM_UPS)
              .time(
                  new Sending(sink, count, () -> send(setting.spark(), rows, sink, folder)),
                  new Sending(sink, count, () -> sendPlainly(rows, sink)));
      String speed =
          String.format(
              Locale.ROOT,
              "%,d rows arrived each time; ours %,.0f rows/s, to reach 20,000",
              count,
              count / result.ours().median());
      return Line.of(this, result, "–", 1, speed);
    } finally {
      rows.unpersist();
      folder.delete();
    }
  }

  private interface Send {
    void run() throws Exception;
  }

  /** One side; what has arrived is counted after the clock, before the next turn. */
  private static final class Sending implements Paired.Work {
    private final EventSink sink;
    private final long rows;
    private final Send send;

    Sending(EventSink sink, long rows, Send send) {
      this.sink = sink;
      this.rows = rows;
      this.send = send;
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
      EventSink.Received before = sink.received();
      if (before.records() != 0 && (before.records() != rows || before.messages() != rows)) {
        throw new IllegalStateException(
            before.records() + " records and " + before.messages() + " messages of " + rows);
      }
      sink.empty();
    }

    @Override
    public void run() throws Exception {
      send.run();
    }
  }

  private static void send(SparkSession spark, Dataset<Row> rows, EventSink sink, Folder folder) {
    EventsEngine engine =
        new EventsEngine(
            spark,
            Delivery.SECRETS,
            (files, plan) -> new DeliveryEngine(spark, Delivery.SECRETS).stage(files, plan));
    try (EventsDelivery delivery = engine.stage(rows, plan(sink, folder))) {
      delivery.publish();
      delivery.finish();
    }
  }

  private static EventsPlan plan(EventSink sink, Folder folder) {
    String job =
        """
        job = "bench"
        state = "%s"
        sources { lineitem { format = parquet, path = "lineitem" } }
        destinations {
          receiver {
            type = events
            to { http { url = "%s", write-key = "%s" } }
            identity { user-id = l_orderkey }
            batch { rows = %d, kilobytes = 2000 }
            requests-per-second = null
          }
        }
        """
            .formatted(folder.path().resolve("state"), sink.url(), sink.writeKey(), BATCH);
    RunContext run = new RunContext("bench", "run", Instant.now(), Optional.empty());
    return ((DestinationPlan.Events)
            RunPlans.plan(JobFiles.parse("events.conf", job, folder.path(), Overrides.none()), run)
                .destinations()
                .get(0))
        .events();
  }

  private static void sendPlainly(Dataset<Row> rows, EventSink sink) {
    Column traits =
        functions.struct(Arrays.stream(rows.columns()).map(functions::col).toArray(Column[]::new));
    Column record =
        functions.to_json(
            functions.struct(
                functions.expr("uuid()").as("messageId"),
                functions.lit("identify").as("type"),
                functions.col("l_orderkey").cast("string").as("userId"),
                traits.as("traits")));
    rows.select(record)
        .as(Encoders.STRING())
        .foreachPartition(new PlainSender(sink.url(), sink.writeKey(), BATCH));
  }
}
