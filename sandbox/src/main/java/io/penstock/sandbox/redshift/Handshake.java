package io.penstock.sandbox.redshift;

import io.penstock.sandbox.redshift.sql.LongNames;
import io.penstock.sandbox.redshift.wire.Errors;
import io.penstock.sandbox.redshift.wire.Message;
import io.penstock.sandbox.redshift.wire.MessageInput;
import io.penstock.sandbox.redshift.wire.MessageOutput;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The start of a connection (PostgreSQL manual, "Message Flow: Start-up"): encryption is required
 * where there is a certificate and declined where there is none, the driver's own parameters are
 * dropped, and the authentication is between the client and PostgreSQL.
 */
final class Handshake {
  private static final int PROTOCOL = 196608;
  private static final int CANCEL = 80877102;
  private static final int TLS = 80877103;
  private static final int GSS = 80877104;

  /**
   * Parameters that PostgreSQL takes too; Redshift's drivers send others, which it would refuse.
   */
  private static final Set<String> PARAMETERS =
      Set.of(
          "user",
          "database",
          "client_encoding",
          "datestyle",
          "timezone",
          "extra_float_digits",
          "application_name",
          "options",
          "search_path");

  private final int postgresPort;
  private final @Nullable SSLContext tls;
  private final AnswerRewriter rewriter;
  private Socket client;
  private MessageInput in;
  private MessageOutput out;
  private boolean encrypted;

  /**
   * @param tls null: connections are not encrypted
   */
  Handshake(Socket client, int postgresPort, LongNames names, @Nullable SSLContext tls)
      throws IOException {
    this.client = client;
    this.in = new MessageInput(client.getInputStream());
    this.out = new MessageOutput(client.getOutputStream());
    this.postgresPort = postgresPort;
    this.tls = tls;
    this.rewriter = new AnswerRewriter(names);
  }

  /** The connection as it is now: encrypted or not. */
  Socket client() {
    return client;
  }

  MessageInput input() {
    return in;
  }

  MessageOutput output() {
    return out;
  }

  /** The authenticated connection; null where the client only cancelled or was refused. */
  @Nullable ServerConnection run() throws IOException {
    while (true) {
      Message startup = in.startup();
      int code = startup.reader().int32();
      if (code == TLS && tls != null && !encrypted) {
        encrypt(tls);
      } else if (code == TLS || code == GSS) {
        out.writeByte('N');
        out.flush();
      } else if (code == CANCEL) {
        cancel(startup);
        return null;
      } else if (code >>> 16 == PROTOCOL >>> 16) {
        return tls != null && !encrypted ? refuse(startup) : connect(startup);
      } else {
        throw new IOException("A client speaks protocol " + (code >>> 16) + "." + (code & 0xffff));
      }
    }
  }

  /** What was sent before the answer was not encrypted, and must not pass as if it were. */
  private void encrypt(SSLContext context) throws IOException {
    if (in.hasBuffered()) {
      throw new IOException("A client sent data before the encryption it asked for");
    }
    out.writeByte('S');
    out.flush();
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    client, client.getInetAddress().getHostAddress(), client.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    client = socket;
    in = new MessageInput(socket.getInputStream());
    out = new MessageOutput(socket.getOutputStream());
    encrypted = true;
  }

  /** As a cluster with the parameter require_ssl does. */
  private @Nullable ServerConnection refuse(Message startup) throws IOException {
    Map<String, String> parameters = parameters(startup);
    Map<Character, String> fields = new LinkedHashMap<>();
    fields.put('S', "FATAL");
    fields.put('V', "FATAL");
    fields.put('C', "28000");
    fields.put(
        'M',
        "no pg_hba.conf entry for host \"%s\", user \"%s\", database \"%s\", SSL off"
            .formatted(
                client.getInetAddress().getHostAddress(),
                parameters.getOrDefault("user", ""),
                parameters.getOrDefault("database", "")));
    out.write(Errors.message(fields));
    out.flush();
    return null;
  }

  private void cancel(Message request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), postgresPort)) {
      MessageOutput server = new MessageOutput(socket.getOutputStream());
      server.write(request);
      server.flush();
      // PostgreSQL closes the connection when it has seen the request
      socket.getInputStream().readAllBytes();
    }
  }

  private @Nullable ServerConnection connect(Message startup) throws IOException {
    ServerConnection server = new ServerConnection(postgresPort, out, rewriter);
    boolean ready = false;
    try {
      server.output().write(withoutForeignParameters(startup));
      server.output().flush();
      ready = authenticate(server);
    } finally {
      if (!ready) {
        server.close();
      }
    }
    return ready ? server : null;
  }

  private static Map<String, String> parameters(Message startup) {
    Message.Reader reader = startup.reader();
    reader.int32();
    Map<String, String> parameters = new LinkedHashMap<>();
    String name = reader.text();
    while (!name.isEmpty()) {
      parameters.put(name, reader.text());
      name = reader.text();
    }
    return parameters;
  }

  private static Message withoutForeignParameters(Message startup) {
    Message.Builder builder = Message.builder('\0').int32(PROTOCOL);
    parameters(startup)
        .forEach(
            (name, value) -> {
              if (PARAMETERS.contains(name.toLowerCase(Locale.ROOT)) && !value.isEmpty()) {
                builder.text(name).text(value);
              }
            });
    return builder.int8(0).build();
  }

  private boolean authenticate(ServerConnection server) throws IOException {
    while (true) {
      Message answer = server.input().message();
      switch (answer.type()) {
        case 'S' -> out.write(rewriter.status(answer));
        case 'E' -> {
          out.write(answer);
          out.flush();
          return false;
        }
        default -> out.write(answer);
      }
      if (answer.type() == 'Z') {
        out.flush();
        return true;
      }
      if (answer.type() == 'R' && asksForMore(answer.reader().int32())) {
        out.flush();
        relayAnswer(server);
      }
    }
  }

  /** All requests but "ok" and the last message of SASL wait for the client. */
  private static boolean asksForMore(int request) {
    return request != 0 && request != 12;
  }

  private void relayAnswer(ServerConnection server) throws IOException {
    Message password = in.message();
    if (password.type() != 'p') {
      throw new EOFException("The client sent no password");
    }
    server.output().write(password);
    server.output().flush();
  }
}
