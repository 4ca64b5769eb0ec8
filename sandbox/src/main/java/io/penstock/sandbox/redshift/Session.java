package io.penstock.sandbox.redshift;

import io.penstock.sandbox.redshift.sql.LongNames;
import io.penstock.sandbox.redshift.sql.Translation;
import io.penstock.sandbox.redshift.sql.Translator;
import io.penstock.sandbox.redshift.wire.Message;
import io.penstock.sandbox.redshift.wire.MessageInput;
import io.penstock.sandbox.redshift.wire.MessageOutput;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client after the start-up: reads its messages, translates the statements, passes them on, and
 * runs those that PostgreSQL cannot. A thread of the {@link ServerConnection} writes the answers.
 */
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final Closeable client;
  private final MessageInput in;
  private final MessageOutput out;
  private final ServerConnection server;
  private final StatementRunner runner;
  private final LongNames names;

  /** Prepared statements and portals that the front runs itself; others are PostgreSQL's alone. */
  private final Map<String, Translation> statements = new HashMap<>();

  private final Map<String, Translation> portals = new HashMap<>();

  /** After an error of the front's own, messages are dropped up to the next Sync. */
  private boolean skipping;

  Session(
      Closeable client,
      MessageInput in,
      MessageOutput out,
      ServerConnection server,
      List<StatementExtension> extensions,
      LongNames names) {
    this.client = client;
    this.in = in;
    this.out = out;
    this.server = server;
    this.runner = new StatementRunner(server, extensions);
    this.names = names;
  }

  void run() throws IOException {
    Thread relay = new Thread(this::relay, Thread.currentThread().getName() + "-answers");
    relay.setDaemon(true);
    relay.start();
    int type = in.next();
    while (type >= 0 && type != 'X') {
      serve((char) type);
      if (!in.hasBuffered()) {
        server.output().flush();
      }
      type = in.next();
    }
  }

  /** When PostgreSQL ends the connection, the client must not wait for answers any more. */
  private void relay() {
    try (client) {
      try {
        server.relay();
      } finally {
        out.flush();
      }
    } catch (IOException e) {
      LOG.debug("The connection to PostgreSQL ended: {}", e.toString());
    }
  }

  private void serve(char type) throws IOException {
    switch (type) {
      case 'd' -> in.copyTo(type, server.output());
      case 'c', 'f' -> {
        in.copyTo(type, server.output());
        server.output().flush();
      }
      case 'Q' -> {
        runner.beforeSeries();
        simpleQuery(new Message(type, in.body()));
      }
      case 'F' -> server.sendAlone(new Message(type, in.body()), true);
      default -> extended(new Message(type, in.body()));
    }
  }

  private void simpleQuery(Message message) throws IOException {
    List<Translation> translations = translate(message.reader().text());
    boolean allPass = translations.stream().allMatch(Translation.Pass.class::isInstance);
    if (allPass) {
      String sql =
          translations.stream()
              .map(translation -> ((Translation.Pass) translation).sql())
              .collect(Collectors.joining(";"));
      server.sendAlone(Message.text('Q', sql), true);
      return;
    }
    oneByOne(translations);
    server.awaitQuiet();
    out.write(Message.builder('Z').int8(server.transaction()).build());
    out.flush();
  }

  private List<Translation> translate(String sql) throws IOException {
    names.learn(sql);
    return Translator.translate(names.asStored(sql));
  }

  private void oneByOne(List<Translation> translations) throws IOException {
    for (Translation translation : translations) {
      if (translations.size() > 1
          && translation instanceof Translation.Steps steps
          && steps.block() == Translation.Block.REFUSED) {
        String problem = steps.name() + " cannot run inside a multiple commands statement";
        out.write(server.error(new SqlError("25001", problem)));
        return;
      }
      if (translation instanceof Translation.Pass pass) {
        server.sendAlone(Message.text('Q', pass.sql()), false);
        if (!server.awaitQuiet()) {
          return;
        }
      } else if (!answer(translation)) {
        return;
      }
    }
  }

  /** Runs a statement of the front's own and answers it; false after an error. */
  private boolean answer(Translation translation) throws IOException {
    try {
      out.write(Message.text('C', runner.run(translation)));
      return true;
    } catch (SqlError e) {
      out.write(server.error(e));
      return false;
    }
  }

  private void extended(Message message) throws IOException {
    if (skipping && message.type() != 'S') {
      return;
    }
    if (server.betweenSeries()) {
      runner.beforeSeries();
    }
    switch (message.type()) {
      case 'P' -> parse(message);
      case 'B' -> bind(message);
      case 'E' -> execute(message);
      case 'C' -> close(message);
      case 'S' -> {
        skipping = false;
        server.sync(true);
      }
      case 'H' -> {
        server.send(message);
        server.output().flush();
      }
      default -> server.send(message);
    }
  }

  private void parse(Message message) throws IOException {
    Message.Reader reader = message.reader();
    String name = reader.text();
    List<Translation> translations = translate(reader.text());
    Message.Builder builder = Message.builder('P').text(name);
    statements.remove(name);
    if (translations.size() == 1 && !(translations.get(0) instanceof Translation.Pass)) {
      // PostgreSQL gets an empty statement, so that describing and closing work as for any other
      statements.put(name, translations.get(0));
      server.send(builder.text("").int16(0).build());
      return;
    }
    String sql = translations.stream().map(Session::preparable).collect(Collectors.joining(";"));
    builder.text(sql);
    int types = reader.int16();
    builder.int16(types);
    for (int i = 0; i < types; i++) {
      builder.int32(AnswerRewriter.postgresType(reader.int32()));
    }
    server.send(builder.build());
  }

  /** Several statements in one Parse are PostgreSQL's to refuse. */
  private static String preparable(Translation translation) {
    return translation instanceof Translation.Pass pass ? pass.sql() : translation.original();
  }

  private void bind(Message message) throws IOException {
    Message.Reader reader = message.reader();
    String portal = reader.text();
    @Nullable Translation translation = statements.get(reader.text());
    portals.remove(portal);
    if (translation != null) {
      portals.put(portal, translation);
    }
    server.send(message);
  }

  private void close(Message message) throws IOException {
    Message.Reader reader = message.reader();
    boolean statement = reader.int8() == 'S';
    (statement ? statements : portals).remove(reader.text());
    server.send(message);
  }

  private void execute(Message message) throws IOException {
    @Nullable Translation translation = portals.get(message.reader().text());
    if (translation == null) {
      server.send(message);
      return;
    }
    // what precedes is answered first; its errors skip this statement as PostgreSQL would
    server.sync(false);
    if (!server.awaitQuiet()) {
      skipping = true;
    } else if (!answer(translation)) {
      skipping = true;
    }
    out.flush();
  }
}
