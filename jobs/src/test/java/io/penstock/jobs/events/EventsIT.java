package io.penstock.jobs.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.EventsResult;
import io.penstock.sandbox.events.EventFault;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries of events: what arrives, what is kept of what does not, and what a run says. */
class EventsIT {
  private static final String IDENTITY = "identity { user-id = id }\n";
  private static final String PEOPLE =
      "SELECT id, concat('p', id, '@example.com') AS email, CAST(id / 4 AS DECIMAL(9,2)) AS score"
          + " FROM range(0, %d, 1, 3)";

  @TempDir private Path folder = Path.of("");
  private EventsScene scene;

  @BeforeEach
  void open() throws IOException {
    scene = new EventsScene(folder);
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  private static Dataset<Row> sql(String query) {
    return EventsScene.spark().sql(query);
  }

  private static Dataset<Row> people(int count) {
    return sql(PEOPLE.formatted(count));
  }

  private DestinationResult send(Dataset<Row> rows, EventsPlan plan) {
    return send(rows, plan, () -> 0);
  }

  private DestinationResult send(Dataset<Row> rows, EventsPlan plan, LongSupplier rejectable) {
    try (EventsDelivery delivery = scene.engine().stage(rows, plan, rejectable)) {
      DestinationResult result = delivery.publish();
      delivery.finish();
      return result;
    }
  }

  private Set<String> ids() throws IOException {
    return scene.received().stream()
        .map(record -> record.path("messageId").asText())
        .collect(Collectors.toSet());
  }

  @Test
  void nothingIsSentBeforeItIsPublished() throws Exception {
    try (EventsDelivery delivery = scene.engine().stage(people(10), scene.plan("r1", IDENTITY))) {
      assertThat(delivery.rows()).isEqualTo(10);
      assertThat(scene.received()).isEmpty();
    }
    assertThat(scene.receiver().requestMillis()).isEmpty();
  }

  @Test
  void whatIsSentIsWhatWasStaged() throws Exception {
    Path rows = folder.resolve("rows.parquet");
    people(30).coalesce(1).write().parquet(rows.toString());
    try (EventsDelivery delivery =
        scene
            .engine()
            .stage(
                EventsScene.spark().read().parquet(rows.toString()), scene.plan("r1", IDENTITY))) {
      Files.move(rows, folder.resolve("gone"));
      delivery.publish();
    }
    assertThat(scene.received()).hasSize(30);
  }

  @Test
  void everyColumnIsATraitWhereNoneIsNamed() throws Exception {
    DestinationResult result = send(people(3), scene.plan("r1", IDENTITY));

    assertThat(scene.received().stream().map(record -> record.path("traits").toString()))
        .containsExactlyInAnyOrder(
            "{\"email\":\"p0@example.com\",\"score\":0.00}",
            "{\"email\":\"p1@example.com\",\"score\":0.25}",
            "{\"email\":\"p2@example.com\",\"score\":0.50}");
    assertThat(result.type()).isEqualTo("events");
    assertThat(result.rows()).isEqualTo(3);
    EventsResult events = result.events().orElseThrow();
    assertThat(events.sent()).isEqualTo(3);
    assertThat(events.failed()).isZero();
    assertThat(events.requests()).isBetween(1L, 2L);
  }

  @Test
  void tracksWithTheTimeAndThePropertiesOfTheRow() throws Exception {
    Dataset<Row> orders =
        sql(
            "SELECT 'u1' AS who, 'a@b.de' AS mail, timestamp'2026-10-01 08:00:00.5' AS at, 12.50BD AS amount"
                + " UNION ALL SELECT 'u1', NULL, NULL, 1.00BD");
    send(
        orders,
        scene.plan(
            "r1",
            """
            event { track { name = "Order Completed" } }
            identity { user-id = who, email = mail }
            traits { total = amount }
            timestamp = at
            """));

    List<JsonNode> received = scene.received();
    assertThat(received).hasSize(2);
    JsonNode first = received.get(0);
    assertThat(first.path("type").asText()).isEqualTo("track");
    assertThat(first.path("event").asText()).isEqualTo("Order Completed");
    assertThat(first.path("timestamp").asText()).isEqualTo("2026-10-01T08:00:00.500Z");
    assertThat(first.path("properties").toString()).isEqualTo("{\"total\":12.50}");
    assertThat(first.path("context").path("traits").toString()).isEqualTo("{\"email\":\"a@b.de\"}");
    assertThat(first.has("traits")).isFalse();
    assertThat(received.get(1).path("timestamp").asText()).isEqualTo("2026-11-01T10:20:30.123Z");
  }

  @Test
  void aRunSentAgainHasTheSameIdsAndAnotherRunHasOthers() throws Exception {
    send(people(40), scene.plan("r1", IDENTITY));
    Set<String> first = ids();
    send(people(40), scene.plan("r1", IDENTITY + "batch { rows = 7 }\n"));

    assertThat(first).hasSize(40);
    assertThat(scene.received()).hasSize(80);
    assertThat(ids()).isEqualTo(first);

    send(people(40), scene.plan("r2", IDENTITY));
    assertThat(ids()).hasSize(80);

    // what has changed since is not a duplicate
    send(
        sql("SELECT 1L AS id, 'new@example.com' AS email, 0.25BD AS score"),
        scene.plan("r1", IDENTITY));
    assertThat(ids()).hasSize(81);
  }

  @Test
  void aRowOfAnEarlierSyncKeepsItsId() throws Exception {
    String row = "SELECT 1L AS id, 'a' AS name, 'update' AS operation, %dL AS __penstock_origin";
    EventsPlan first = scene.plan("r1", IDENTITY).ofSync(List.of("id"));
    EventsPlan later = EventsScene.anHourLater(scene.plan("r2", IDENTITY).ofSync(List.of("id")));
    send(sql(row.formatted(4)), first);
    send(sql(row.formatted(4)), later);

    assertThat(ids()).hasSize(1);
    assertThat(scene.received().get(0).path("traits").toString()).isEqualTo("{\"name\":\"a\"}");

    send(sql(row.formatted(5)), later);
    assertThat(ids()).hasSize(2);
  }

  @Test
  void theTimeOfTheRowIsPartOfWhatItSays() throws Exception {
    String row =
        "SELECT 1L AS id, timestamp'2026-10-01 08:00:0%d' AS at, 4L AS __penstock_origin,"
            + " 'insert' AS operation";
    EventsPlan plan =
        scene.plan("r1", IDENTITY + "traits { n = id }\ntimestamp = at\n").ofSync(List.of("id"));
    send(sql(row.formatted(1)), plan);
    send(sql(row.formatted(1)), EventsScene.anHourLater(plan));
    assertThat(ids()).hasSize(1);

    send(sql(row.formatted(2)), plan);
    assertThat(ids()).hasSize(2);
  }

  @Test
  void failedRowsAreKeptByTheirKeys() throws Exception {
    scene.receiver().refuse("/userId", "7");
    scene.receiver().refuse("/userId", "31");
    Dataset<Row> rows =
        people(40)
            .selectExpr(
                "id",
                "score",
                "if(id = 11, repeat('x', 30000), email) AS email",
                "if(id = 20, 'delete', 'insert') AS operation");
    EventsPlan plan =
        scene
            .plan("r1", IDENTITY + "batch { rows = 9, kilobytes = 20 }\n")
            .ofSync(List.of("id", "score"));

    try (EventsDelivery delivery = scene.engine().stage(rows, plan)) {
      DestinationResult result = delivery.publish();

      assertThat(delivery.failed().rows().collectAsList())
          .containsExactlyInAnyOrder(
              RowFactory.create(7L, new BigDecimal("1.75"), "insert", "the endpoint answered 400"),
              RowFactory.create(31L, new BigDecimal("7.75"), "insert", "the endpoint answered 400"),
              RowFactory.create(
                  11L, new BigDecimal("2.75"), "insert", "larger than a batch may be"));
      assertThat(delivery.failed().count()).isEqualTo(3);
      assertThat(result.events().orElseThrow().failed()).isEqualTo(3);
      assertThat(delivery.rejected()).isZero();
      PenstockException shortfall = delivery.shortfall().orElseThrow();
      assertThat(shortfall.code()).isEqualTo(ErrorCode.EVENTS_INCOMPLETE);
      assertThat(shortfall.problem()).contains("3 of 40 rows");
      assertThat(shortfall.reason())
          .isEqualTo("the endpoint answered 400 (2); larger than a batch may be (1)");
      assertThat(scene.files(".penstock")).hasSizeBetween(1, 3);
      delivery.finish();
    }

    assertThat(scene.files(".penstock")).isEmpty();
    assertThat(scene.received()).hasSize(37);
    JsonNode deleted =
        scene.received().stream()
            .filter(record -> record.path("userId").asText().equals("20"))
            .findFirst()
            .orElseThrow();
    assertThat(deleted.path("traits").toString()).isEqualTo("{\"email\":null,\"score\":null}");
  }

  @Test
  void deletionsComeFirst() throws Exception {
    Dataset<Row> changes =
        sql(
            "SELECT * FROM VALUES (2, 'u', 'new', 'insert'), (1, 'u', CAST(NULL AS STRING), 'delete')"
                + " AS t(row, who, name, operation)");
    send(
        changes,
        scene
            .plan(
                "r1",
                "identity { user-id = who }\ntraits { name = name }\nconstants { a { b = 1 } }\n")
            .ofSync(List.of("row")));

    assertThat(scene.received().stream().map(record -> record.path("traits").toString()))
        .containsExactly(
            "{\"a\":{\"b\":null},\"name\":null}", "{\"a\":{\"b\":1},\"name\":\"new\"}");
  }

  @Test
  void withoutASyncFailedRowsFailTheRunAndAreAmongTheRejects() throws Exception {
    scene.receiver().refuse("/userId", "2");
    EventsPlan plan = scene.plan("r1", IDENTITY);

    PenstockException failure =
        catchThrowableOfType(PenstockException.class, () -> send(people(5), plan));

    assertThat(failure.code()).isEqualTo(ErrorCode.EVENTS_INCOMPLETE);
    assertThat(failure.problem()).isEqualTo("1 of 5 rows were not accepted by destination people");
    assertThat(scene.received()).hasSize(4);
    List<JsonNode> rejects = EventsScene.read(scene.lines(".penstock/rejects"));
    assertThat(rejects).hasSize(1);
    assertThat(rejects.get(0).path("rejected_by").asText()).isEqualTo("people");
    assertThat(rejects.get(0).path("reason").asText()).isEqualTo("the endpoint answered 400");
    assertThat(rejects.get(0).path("row").asText())
        .isEqualTo("{\"id\":2,\"operation\":\"insert\"}");

    scene.receiver().refuse("/userId", "3");
    DestinationResult allowed = send(people(5), plan, () -> 2);
    assertThat(allowed.events().orElseThrow().failed()).isEqualTo(2);
    assertThat(scene.lines(".penstock/rejects")).hasSize(2);

    // what an earlier attempt told goes with the one that has nothing to tell
    send(people(2), plan);
    assertThat(scene.lines(".penstock/rejects")).isEmpty();
  }

  @Test
  void aReceiverThatTakesNothingEndsTheRun() throws Exception {
    scene.receiver().fail(EventFault.once(403).times(EventFault.FOR_EVER));

    PenstockException failure =
        catchThrowableOfType(
            PenstockException.class, () -> send(people(50), scene.plan("r1", IDENTITY)));

    assertThat(failure.code()).isEqualTo(ErrorCode.EVENTS_ENDPOINT_REFUSED);
    assertThat(failure.remedy()).contains("destinations.people.to.http.write-key");
    assertThat(scene.receiver().requestMillis().size()).isBetween(1, 2);
    assertThat(scene.lines(".penstock")).isEmpty();
  }

  @Test
  void filesHoldTheSameRecords() throws Exception {
    Dataset<Row> rows =
        people(20).unionByName(sql("SELECT NULL AS id, 'x' AS email, 1.00BD AS score"));
    send(people(20), scene.plan("r1", IDENTITY));
    EventsPlan plan =
        scene.planOf(
            "r1",
            IDENTITY
                + "to { s3 { directory = \"out\", file-name = \"e.ndjson\", files = single } }\n");

    DestinationResult result = send(rows, plan, () -> 1);

    assertThat(
            scene.lines("out").stream().map(line -> line.replaceAll(",\"sentAt\":\"[^\"]*\"", "")))
        .containsExactlyInAnyOrderElementsOf(
            scene.receiver().received().stream()
                .map(line -> line.replaceAll(",\"sentAt\":\"[^\"]*\"", ""))
                .toList());
    assertThat(scene.folder().resolve("out/.DONE")).exists();
    assertThat(result.type()).isEqualTo("events");
    assertThat(result.rows()).isEqualTo(20);
    assertThat(result.files()).hasSize(1);
    assertThat(result.events()).contains(new EventsResult(20, 1, 0, 0));
    assertThat(scene.lines(".penstock/rejects").toString()).contains("nothing that identifies it");
  }

  @Test
  void columnsThatCannotBeWhatTheyAreNamedForAreRefused() {
    EventsPlan unknown = scene.plan("r1", "identity { user-id = nobody }\n");
    EventsPlan nested = scene.plan("r1", "identity { user-id = n }\n");
    EventsPlan time = scene.plan("r1", "identity { user-id = id }\ntimestamp = email\n");
    Dataset<Row> rows = people(1).selectExpr("id", "email", "named_struct('a', 1) AS n");

    assertThat(refusal(rows, unknown)).contains("identity.user-id", "nobody", "id, email, n");
    assertThat(refusal(rows, nested)).contains("identity.user-id", "struct");
    assertThat(refusal(rows, time)).contains("timestamp", "string");
  }

  private String refusal(Dataset<Row> rows, EventsPlan plan) {
    PenstockException failure =
        catchThrowableOfType(PenstockException.class, () -> EventsEngine.identity(rows, plan));
    assertThat(failure.code()).isEqualTo(ErrorCode.CONFIG_INVALID_VALUE);
    return String.valueOf(failure.getMessage());
  }

  @Test
  void theWriteKeyIsShownNowhere() throws Exception {
    EventsPlan plan = scene.plan("r1", IDENTITY);
    try (EventsDelivery delivery = scene.engine().stage(people(2), plan)) {
      delivery.publish();
    }
    HttpEndpoint.Address address =
        new HttpEndpoint.Address(
            scene.receiver().url(), EventsScene.KEY, Duration.ofSeconds(1), true);
    SendSettings settings =
        SendSettings.of(
            "people", address, plan.destination().sending(), plan.failed(), EventsLimits.STANDARD);

    assertThat(
            List.of(
                plan.toString(),
                settings.toString(),
                new EventsWriterFactory(settings, people(1).schema(), 1).toString(),
                EventsScene.spark().sparkContext().getConf().toDebugString()))
        .noneMatch(text -> text.contains(EventsScene.KEY));
  }

  @Test
  void oneAttemptOfATaskSendsAtATime() throws Exception {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(EventsScene.spark().sparkContext());
    // the first attempt dies with the right to send; the second gets it
    spark.parallelize(List.of(1), 1).foreachPartition(rows -> dieOnce());
    spark.parallelize(List.of(1), 1).foreachPartition(rows -> waitForAnother());
  }

  private static void dieOnce() throws InterruptedException {
    TaskContext task = TaskContext.get();
    SendingRight.await(task, new Pauses(() -> false));
    if (task.attemptNumber() == 0) {
      throw new IllegalStateException("the first attempt dies");
    }
  }

  /** As it is for a speculative copy. */
  private static void waitForAnother() throws InterruptedException {
    TaskContext task = TaskContext.get();
    assertThat(
            SparkEnv.get()
                .outputCommitCoordinator()
                .canCommit(task.stageId(), task.stageAttemptNumber(), task.partitionId(), 99))
        .isTrue();
    CountDownLatch allowed = new CountDownLatch(1);
    Thread copy =
        new Thread(
            () -> {
              try {
                SendingRight.await(task, new Pauses(() -> false));
                allowed.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    copy.start();
    assertThat(allowed.await(1_300, TimeUnit.MILLISECONDS)).isFalse();
    copy.interrupt();
    copy.join();
  }
}
