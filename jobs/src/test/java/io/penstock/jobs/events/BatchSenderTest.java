package io.penstock.jobs.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.sandbox.events.EventFault;
import io.penstock.sandbox.events.EventFault.Kept;
import io.penstock.sandbox.events.EventReceiver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches against a receiver that fails in every way it can. */
class BatchSenderTest {
  private static final String KEY = "write-key";
  private static final EventsLimits QUICK =
      new EventsLimits(Duration.ofMillis(4), Duration.ofMillis(16), Duration.ofSeconds(5), 3);
  private static final Pauses PAUSES = new Pauses(() -> false);

  @TempDir private Path folder = Path.of("");
  private EventReceiver receiver;
  private final List<Integer> accepted = new ArrayList<>();
  private final Map<Integer, String> failed = new LinkedHashMap<>();

  @BeforeEach
  void start() throws IOException {
    receiver = EventReceiver.start(folder, 0, KEY);
  }

  @AfterEach
  void stop() throws IOException {
    receiver.close();
  }

  private final class Recorded implements Outcome {
    @Override
    public void accepted(List<PendingEvent> events, int bytes) {
      events.forEach(event -> accepted.add(event.key().getInt(0)));
    }

    @Override
    public void failed(List<PendingEvent> events, String reason) {
      events.forEach(event -> failed.put(event.key().getInt(0), reason));
    }
  }

  private BatchSender sender(int retries) {
    return sender(receiver.url(), KEY, retries, true, new Pace(PAUSES, 0, 1, 0));
  }

  private BatchSender sender(URI url, String key, int retries, boolean gzip, Pace pace) {
    String authorization =
        "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
    HttpEndpoint endpoint =
        new HttpEndpoint(
            new HttpEndpoint.Address(url, authorization, Duration.ofMillis(400), gzip));
    return new BatchSender(endpoint, pace, PAUSES, retries, gzip, QUICK, new Recorded());
  }

  private static List<PendingEvent> events(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            n ->
                new PendingEvent(
                    ("{\"messageId\":\"m%d\",\"type\":\"identify\",\"userId\":\"u%d\",\"traits\":{\"n\":%d}}"
                            .formatted(n, n, n))
                        .getBytes(StandardCharsets.UTF_8),
                    new GenericInternalRow(new Object[] {n})))
        .toList();
  }

  private List<Integer> received() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Integer> received = new ArrayList<>();
    for (String line : receiver.received()) {
      JsonNode record = json.readTree(line);
      int n = record.at("/traits/n").asInt();
      assertThat(record.path("messageId").asText()).isEqualTo("m" + n);
      assertThat(Instant.parse(record.path("sentAt").asText())).isBeforeOrEqualTo(Instant.now());
      received.add(n);
    }
    return received;
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchesArriveWholeAndInOrder(boolean gzip) throws Exception {
    BatchSender sender = sender(receiver.url(), KEY, 0, gzip, new Pace(PAUSES, 0, 1, 0));

    sender.send(events(0, 10));
    sender.send(events(10, 11));

    assertThat(received()).isEqualTo(numbers(0, 11)).isEqualTo(accepted);
    assertThat(sender.requests()).isEqualTo(2);
    assertThat(sender.repeated()).isZero();
    assertThat(failed).isEmpty();
  }

  static Stream<EventFault> passing() {
    return Stream.of(
            EventFault.once(429),
            EventFault.once(500),
            EventFault.once(503).retryAfter("0"),
            EventFault.once(408),
            EventFault.once(EventFault.DROP),
            EventFault.once(EventFault.HOLD))
        .flatMap(
            fault -> Stream.of(Kept.NONE, Kept.HALF, Kept.ALL).map(kept -> fault.keeping(kept)));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatPassesIsRepeatedWithTheSameIds(EventFault fault) throws Exception {
    receiver.fail(fault);
    BatchSender sender = sender(3);

    sender.send(events(0, 10));
    sender.send(events(10, 20));

    assertThat(accepted).isEqualTo(numbers(0, 20));
    List<Integer> received = received();
    assertThat(received.stream().distinct().toList()).isEqualTo(numbers(0, 20));
    int twice = fault.keeping(Kept.NONE).equals(fault) ? 0 : fault.kept() == Kept.HALF ? 5 : 10;
    assertThat(received).hasSize(20 + twice);
    assertThat(sender.requests()).isEqualTo(3);
    assertThat(sender.repeated()).isEqualTo(1);
  }

  @Test
  void anEndpointIsLeftAloneAsLongAsItAsks() throws Exception {
    receiver.fail(EventFault.once(429).retryAfter("1"));
    DateTimeFormatter date = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
    receiver.fail(EventFault.once(503).retryAfter(date.format(Instant.now().plusSeconds(3))));

    sender(2).send(events(0, 2));

    assertThat(received()).isEqualTo(numbers(0, 2));
    List<Long> millis = receiver.requestMillis();
    assertThat(millis).hasSize(3);
    assertThat(millis.get(1) - millis.get(0)).isBetween(990L, 1900L);
    // a date has no fraction of a second
    assertThat(millis.get(2) - millis.get(0)).isBetween(1900L, 3200L);
  }

  @Test
  void whoAsksForTooLongIsNotAskedAgain() throws Exception {
    receiver.fail(EventFault.once(429).retryAfter("3600"));
    BatchSender sender = sender(5);

    sender.send(events(0, 2));
    sender.send(events(2, 4));

    assertThat(sender.requests()).isEqualTo(1);
    assertThat(failed)
        .containsOnlyKeys(0, 1, 2, 3)
        .containsEntry(1, "the endpoint answered 429")
        .containsEntry(2, "not sent: the endpoint asks for a pause that is too long");
    assertThat(received()).isEmpty();
  }

  @Test
  void theNextBatchWaitsAsWell() throws Exception {
    receiver.fail(EventFault.once(429).retryAfter("1"));
    BatchSender sender = sender(0);

    sender.send(events(0, 2));
    sender.send(events(2, 4));

    assertThat(failed).containsOnlyKeys(0, 1);
    assertThat(received()).isEqualTo(numbers(2, 4));
    List<Long> millis = receiver.requestMillis();
    assertThat(millis.get(1) - millis.get(0)).isGreaterThanOrEqualTo(990L);
  }

  /** A body that never ends holds nobody up: the head has said that the records are there. */
  @ParameterizedTest
  @CsvSource({"200, 0", "500, 1"})
  void theHeadOfAnAnswerDecides(int status, int failures) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      Thread endpoint = new Thread(() -> answerHead(server, status));
      endpoint.start();
      URI url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1/batch");

      sender(url, KEY, 0, false, new Pace(PAUSES, 0, 1, 0)).send(events(0, 1));

      assertThat(failed).hasSize(failures);
      assertThat(failed.values()).allMatch(("the endpoint answered " + status)::equals);
      assertThat(accepted).hasSize(1 - failures);
      endpoint.join();
    }
  }

  /** Answers one request without the body that it announces, and waits for the client to leave. */
  private static void answerHead(ServerSocket server, int status) {
    try (Socket client = server.accept()) {
      String head = "HTTP/1.1 " + status + " so\r\nContent-Length: 10\r\n\r\n";
      client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the client was faster
    }
  }

  @Test
  void refusedRecordsAreFoundByHalves() throws Exception {
    receiver.refuse("/userId", "u3");
    receiver.refuse("/userId", "u12");
    BatchSender sender = sender(3);

    sender.send(events(0, 16));

    assertThat(failed)
        .containsOnlyKeys(3, 12)
        .containsEntry(3, "the endpoint answered 400")
        .containsEntry(12, "the endpoint answered 400");
    List<Integer> others = numbers(0, 16).stream().filter(n -> n != 3 && n != 12).toList();
    assertThat(received()).isEqualTo(others).isEqualTo(accepted);
    assertThat(sender.requests()).isEqualTo(15);
    assertThat(sender.repeated()).isZero();
  }

  @Test
  void aBatchThatIsTooLargeGoesInHalves() throws Exception {
    receiver.fail(EventFault.once(413));

    sender(0).send(events(0, 9));

    assertThat(received()).isEqualTo(numbers(0, 9));
    assertThat(receiver.requestMillis()).hasSize(3);
  }

  @Test
  void aWrongKeyEndsItAtOnce() throws Exception {
    BatchSender sender = sender(receiver.url(), "other", 5, true, new Pace(PAUSES, 0, 1, 0));

    sender.send(events(0, 2));
    sender.send(events(2, 4));

    assertThat(sender.requests()).isEqualTo(1);
    assertThat(sender.refusal()).contains("the endpoint answered 401");
    assertThat(failed).hasSize(4).containsValue("the endpoint answered 401");
    assertThat(received()).isEmpty();
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    receiver.fail(EventFault.once(307));

    BatchSender sender = sender(5);
    sender.send(events(0, 1));

    assertThat(sender.refusal()).contains("the endpoint answered 307");
    assertThat(receiver.requestMillis()).hasSize(1);
  }

  @Test
  void aBatchThatFailsForGoodFailsAlone() throws Exception {
    receiver.fail(EventFault.once(500).times(3));
    BatchSender sender = sender(2);

    sender.send(events(0, 2));
    sender.send(events(2, 4));

    assertThat(failed).containsOnlyKeys(0, 1).containsValue("the endpoint answered 500");
    assertThat(received()).isEqualTo(numbers(2, 4));
  }

  @Test
  void anEndpointThatIsDownIsNotAskedForEver() throws Exception {
    receiver.fail(EventFault.once(500).times(EventFault.FOR_EVER));
    BatchSender sender = sender(2);

    for (int batch = 0; batch < 5; batch++) {
      sender.send(events(2 * batch, 2 * batch + 2));
    }

    // three attempts of the first, one of each of the next two
    assertThat(sender.requests()).isEqualTo(5);
    assertThat(failed.keySet()).containsExactlyElementsOf(numbers(0, 10));
    assertThat(failed)
        .containsEntry(5, "the endpoint answered 500")
        .containsEntry(6, "not sent: the endpoint is down");
    assertThat(sender.refusal()).isEmpty();
  }

  @Test
  void nobodyListening() throws Exception {
    URI url = receiver.url();
    receiver.close();

    sender(url, KEY, 1, true, new Pace(PAUSES, 0, 1, 0)).send(events(0, 1));

    assertThat(failed).containsEntry(0, "the endpoint cannot be reached");
  }

  @Test
  void aTaskThatIsToEndWaitsForNothing() {
    receiver.fail(EventFault.once(429).retryAfter("5"));
    Pauses ended = new Pauses(() -> receiver.requestMillis().size() == 1);
    HttpEndpoint endpoint =
        new HttpEndpoint(
            new HttpEndpoint.Address(
                receiver.url(),
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString((KEY + ":").getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(1),
                true));
    BatchSender sender =
        new BatchSender(endpoint, new Pace(ended, 0, 1, 0), ended, 3, true, QUICK, new Recorded());

    assertThatThrownBy(() -> sender.send(events(0, 1))).isInstanceOf(InterruptedException.class);
  }

  @Test
  void tasksShareTheLimit() throws Exception {
    int perSecond = 40;
    List<Thread> tasks = new ArrayList<>();
    for (int task = 0; task < 2; task++) {
      Pace pace = new Pace(PAUSES, perSecond, 2, task);
      BatchSender sender = sender(receiver.url(), KEY, 0, true, pace);
      int first = task * 100;
      Thread thread = new Thread(() -> sendTwenty(sender, first));
      thread.start();
      tasks.add(thread);
    }
    for (Thread task : tasks) {
      task.join();
    }

    List<Long> millis = receiver.requestMillis().stream().sorted().toList();
    assertThat(millis).hasSize(40);
    for (int i = 20; i < millis.size(); i++) {
      // twenty intervals of 25 ms, and what a slow machine makes of clocks
      assertThat(millis.get(i) - millis.get(i - 20)).isGreaterThanOrEqualTo(430);
    }
  }

  private static void sendTwenty(BatchSender sender, int first) {
    try {
      for (int i = 0; i < 20; i++) {
        sender.send(events(first + i, first + i + 1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
