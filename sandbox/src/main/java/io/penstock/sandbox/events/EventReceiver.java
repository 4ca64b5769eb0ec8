package io.penstock.sandbox.events;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An event endpoint on 127.0.0.1 that takes batches as RudderStack's and Segment's HTTP APIs do:
 * the write key as the user of basic authentication, {@code {"batch":[…]}}, plain or with gzip.
 */
public final class EventReceiver implements AutoCloseable {
  private static final String PATH = "/v1/batch";

  /** RudderStack: 4,000 KB for each request. */
  private static final int MOST_BYTES = 4_000 << 10;

  private static final long LONGEST_HOLD_SECONDS = 3_600;

  static {
    // an answer is two packets, and the second would wait for the first to be acknowledged
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final String writeKey;
  private final byte[] authorization;
  private final Received received;
  private final EventFaults faults = new EventFaults();
  private final EventRequests requests = new EventRequests();
  private final EventControl control;

  private EventReceiver(HttpServer server, String writeKey, Received received) {
    this.server = server;
    this.writeKey = writeKey;
    byte[] user = (writeKey + ":").getBytes(StandardCharsets.UTF_8);
    this.authorization =
        ("Basic " + Base64.getEncoder().encodeToString(user)).getBytes(StandardCharsets.UTF_8);
    this.received = received;
    this.control = new EventControl(faults, requests, received);
  }

  /**
   * Serves until it is closed.
   *
   * @param folder where it keeps what it gets
   * @param port 0: any that is free
   */
  public static EventReceiver start(Path folder, int port, String writeKey) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
    EventReceiver receiver = new EventReceiver(server, writeKey, new Received(folder));
    server.setExecutor(receiver.threads);
    server.createContext("/", receiver::answer);
    server.start();
    return receiver;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
  }

  public String writeKey() {
    return writeKey;
  }

  /** Lets batches fail. */
  public void fail(EventFault fault) {
    faults.add(fault);
  }

  /** Refuses every batch with a record whose value at a JSON pointer has the text. */
  public void refuse(String pointer, String text) {
    faults.refuse(pointer, text);
  }

  /** The records it kept, in the order of arrival, duplicates too. */
  public List<String> received() throws IOException {
    return received.lines();
  }

  /** When each request came, in milliseconds. */
  public List<Long> requestMillis() {
    return requests.all().stream().map(EventRequests.Entry::millis).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith(EventControl.PATH)) {
        control.answer(exchange);
      } else if (!path.equals(PATH)) {
        refuse(exchange, 404, "there is nothing here; batches go to " + PATH);
      } else if (!exchange.getRequestMethod().equals("POST")) {
        refuse(exchange, 405, "batches are posted");
      } else {
        take(exchange);
      }
    }
  }

  private static void refuse(HttpExchange exchange, int status, String problem) throws IOException {
    EventControl.send(exchange, status, Map.of("problem", problem));
  }

  private void take(HttpExchange exchange) throws IOException {
    long millis = requests.now();
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    int count = 0;
    int kept = 0;
    int status = 200;
    Answer answer = () -> exchange.sendResponseHeaders(200, -1);
    try {
      checkHead(exchange, body);
      Batch batch = Batch.of(plain(exchange, body));
      count = batch.records().size();
      Optional<EventFault> fault = faults.next();
      if (fault.isPresent()) {
        kept = fault.get().kept(count);
        status = Math.max(0, fault.get().answer());
        answer = () -> fail(exchange, fault.get());
      } else if (faults.refuses(batch)) {
        throw new RefusedBatchException(400, "a record is refused");
      } else {
        kept = count;
      }
      received.add(batch.records().subList(0, kept));
    } catch (RefusedBatchException e) {
      status = e.status();
      answer = () -> refuse(exchange, e.status(), String.valueOf(e.getMessage()));
    }
    // whoever has the answer finds the request counted
    requests.add(new EventRequests.Entry(millis, status, count, kept, body.length));
    answer.send();
  }

  @FunctionalInterface
  private interface Answer {
    void send() throws IOException;
  }

  private void checkHead(HttpExchange exchange, byte[] body) throws RefusedBatchException {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given == null
        || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
      throw new RefusedBatchException(401, "the write key is none of this receiver");
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      throw new RefusedBatchException(415, "Content-Type is not application/json");
    }
    if (body.length > MOST_BYTES) {
      throw tooLarge();
    }
  }

  private static RefusedBatchException tooLarge() {
    return new RefusedBatchException(413, "the body has more than " + MOST_BYTES + " bytes");
  }

  private static byte[] plain(HttpExchange exchange, byte[] body)
      throws IOException, RefusedBatchException {
    @Nullable String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    if (encoding == null || encoding.equals("identity")) {
      return body;
    }
    if (!encoding.equals("gzip")) {
      throw new RefusedBatchException(415, "Content-Encoding is neither identity nor gzip");
    }
    byte[] plain;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      plain = in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw new RefusedBatchException(400, "the body is not what gzip makes");
    }
    if (plain.length > MOST_BYTES) {
      throw tooLarge();
    }
    return plain;
  }

  /** Breaking the connection is to end the exchange without an answer. */
  private void fail(HttpExchange exchange, EventFault fault) throws IOException {
    if (fault.answer() == EventFault.HOLD) {
      hold();
    } else if (fault.answer() != EventFault.DROP) {
      if (fault.retryAfter() != null) {
        exchange.getResponseHeaders().set("Retry-After", fault.retryAfter());
      }
      refuse(exchange, fault.answer(), "it was asked to fail");
    }
  }

  @SuppressWarnings("ReturnValueIgnored") // either way the connection breaks now
  private void hold() {
    try {
      closing.await(LONGEST_HOLD_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
    received.close();
  }
}
