package io.penstock.sandbox.redshift;

import io.penstock.sandbox.redshift.wire.Errors;
import io.penstock.sandbox.redshift.wire.Message;
import io.penstock.sandbox.redshift.wire.MessageInput;
import io.penstock.sandbox.redshift.wire.MessageOutput;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One client's raw connection to PostgreSQL. A thread of its own relays the answers to the client,
 * row by row, or hands them to the front where the front itself asked.
 */
final class ServerConnection implements Backend, Closeable {
  static final char IDLE = 'I';
  static final char IN_TRANSACTION = 'T';
  static final char FAILED = 'E';

  private static final Pattern SETTING =
      Pattern.compile("SELECT set_config\\('(penstock\\.last_\\w+)'");

  private final Socket socket;
  private final MessageInput in;
  private final MessageOutput out;
  private final MessageOutput client;
  private final AnswerRewriter rewriter;
  private final Deque<Exchange> exchanges = new ArrayDeque<>();
  private volatile char transaction = IDLE;
  private @Nullable Exchange open;
  private @Nullable Exchange last;
  private final Map<String, String> settings = new HashMap<>();

  ServerConnection(int port, MessageOutput client, AnswerRewriter rewriter) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in = new MessageInput(socket.getInputStream());
    this.out = new MessageOutput(socket.getOutputStream());
    this.client = client;
    this.rewriter = rewriter;
  }

  MessageInput input() {
    return in;
  }

  MessageOutput output() {
    return out;
  }

  /** The transaction state of the last ReadyForQuery; current after {@link #awaitQuiet}. */
  char transaction() {
    return transaction;
  }

  /** Relays until the connection ends. */
  void relay() throws IOException {
    IOException cause = new IOException("PostgreSQL closed the connection");
    try {
      int type = in.next();
      while (type >= 0) {
        relay((char) type);
        type = in.next();
      }
    } catch (IOException e) {
      cause = e;
      throw e;
    } finally {
      lose(cause);
    }
  }

  private void lose(IOException cause) {
    synchronized (exchanges) {
      for (Exchange exchange : exchanges) {
        exchange.connectionLost(cause);
      }
      exchanges.clear();
    }
  }

  private void relay(char type) throws IOException {
    Exchange exchange = current();
    switch (type) {
      case 'Z' -> ready(exchange, new Message(type, in.body()));
      case 'N', 'S', 'A' -> client.write(rewriter.status(new Message(type, in.body())));
      default -> {
        if (exchange != null && exchange.forFront()) {
          answerFront(type, exchange);
        } else {
          relayAnswer(type, exchange);
        }
      }
    }
    if (!in.hasBuffered()) {
      client.flush();
    }
  }

  private void answerFront(char type, Exchange exchange) throws IOException {
    Backend.CopyReceiver receiver = exchange.receiver();
    if (type == 'd' && receiver != null) {
      receiver.row(in.body());
    } else {
      exchange.answers().add(new Message(type, in.body()));
    }
  }

  private void relayAnswer(char type, @Nullable Exchange exchange) throws IOException {
    if (type == 'E') {
      if (exchange != null) {
        exchange.fail();
      }
      client.write(rewriter.error(new Message(type, in.body())));
    } else if (rewriter.changes(type)) {
      client.write(rewriter.rewrite(new Message(type, in.body())));
    } else {
      in.copyTo(type, client);
    }
  }

  private void ready(@Nullable Exchange exchange, Message message) throws IOException {
    transaction = (char) message.body()[0];
    if (exchange == null) {
      client.write(message);
      return;
    }
    synchronized (exchanges) {
      exchanges.poll();
    }
    if (exchange.forFront()) {
      exchange.answers().add(message);
    } else if (!exchange.readyIsForFront()) {
      client.write(message);
      client.flush();
    }
    exchange.end();
  }

  private @Nullable Exchange current() {
    synchronized (exchanges) {
      return exchanges.peek();
    }
  }

  private Exchange begin(boolean forFront) {
    return begin(new Exchange(forFront));
  }

  private Exchange begin(Exchange exchange) {
    synchronized (exchanges) {
      exchanges.add(exchange);
    }
    last = exchange;
    return exchange;
  }

  /** Passes on a message that one ReadyForQuery of its own answers. */
  void sendAlone(Message message, boolean readyForClient) throws IOException {
    Exchange exchange = begin(false);
    if (!readyForClient) {
      exchange.keepReadyFromClient();
    }
    out.write(message);
    out.flush();
  }

  /** Passes on a message of the extended protocol; {@link #sync} ends the series. */
  void send(Message message) throws IOException {
    if (open == null) {
      open = begin(false);
    }
    out.write(message);
  }

  void sync(boolean readyForClient) throws IOException {
    Exchange exchange = open == null ? begin(false) : open;
    if (!readyForClient) {
      exchange.keepReadyFromClient();
    }
    open = null;
    out.write(new Message('S', new byte[0]));
    out.flush();
  }

  boolean betweenSeries() {
    return open == null;
  }

  /** Waits until all that was sent is answered; false where the last series failed. */
  boolean awaitQuiet() throws IOException {
    return last == null || last.await();
  }

  @Override
  public String execute(String sql) throws IOException, SqlError {
    return tag(ask(sql, new Exchange(true)));
  }

  @Override
  public void copyOut(String sql, CopyReceiver receiver) throws IOException, SqlError {
    tag(ask(sql, new Exchange(true, receiver)));
  }

  /** The command tag that a statement is answered with. */
  private String tag(Exchange exchange) throws IOException, SqlError {
    String tag = "";
    SqlError error = null;
    for (Message answer = take(exchange); answer.type() != 'Z'; answer = take(exchange)) {
      if (answer.type() == 'C') {
        tag = answer.reader().text();
      } else if (answer.type() == 'E') {
        error = Errors.error(rewriter.error(answer));
      }
    }
    if (error != null) {
      throw error;
    }
    return tag;
  }

  @Override
  public List<List<@Nullable String>> query(String sql) throws IOException, SqlError {
    List<List<@Nullable String>> rows = new ArrayList<>();
    Exchange exchange = ask(sql);
    SqlError error = null;
    for (Message answer = take(exchange); answer.type() != 'Z'; answer = take(exchange)) {
      if (answer.type() == 'D') {
        rows.add(row(answer));
      } else if (answer.type() == 'E') {
        error = Errors.error(rewriter.error(answer));
      }
    }
    if (error != null) {
      throw error;
    }
    Matcher setting = SETTING.matcher(sql);
    if (setting.lookingAt()) {
      settings.put(setting.group(1), String.valueOf(rows.get(0).get(0)));
    }
    return rows;
  }

  private static List<@Nullable String> row(Message message) {
    Message.Reader reader = message.reader();
    int columns = reader.int16();
    List<@Nullable String> row = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      int length = reader.int32();
      row.add(length < 0 ? null : new String(reader.bytes(length), StandardCharsets.UTF_8));
    }
    return row;
  }

  @Override
  public CopySink copyIn(String sql) throws IOException, SqlError {
    Exchange exchange = ask(sql);
    Message answer = take(exchange);
    if (answer.type() == 'G') {
      return new RawCopySink(exchange, out, rewriter);
    }
    SqlError error = new SqlError("0A000", "not a COPY FROM STDIN");
    while (answer.type() != 'Z') {
      if (answer.type() == 'E') {
        error = Errors.error(rewriter.error(answer));
      }
      answer = take(exchange);
    }
    throw error;
  }

  @Override
  public String clientName(String stored) {
    return rewriter.restored(stored);
  }

  /** An error of the front's own, as the client shall read it. */
  Message error(SqlError error) {
    return rewriter.restored(Errors.message(error));
  }

  /** The copy settings that this side set, by name; failed transactions do not undo them here. */
  Map<String, String> settings() {
    return settings;
  }

  private Exchange ask(String sql) throws IOException {
    return ask(sql, new Exchange(true));
  }

  private Exchange ask(String sql, Exchange asked) throws IOException {
    Exchange exchange = begin(asked);
    out.write(Message.text('Q', sql));
    out.flush();
    return exchange;
  }

  static Message take(Exchange exchange) throws IOException {
    try {
      Message message = exchange.answers().take();
      if (message.type() == '\0') {
        throw new IOException("The PostgreSQL connection ended");
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
