package io.penstock.sandbox.redshift;

import io.penstock.sandbox.postgres.PostgresServer;
import io.penstock.sandbox.redshift.sql.LongNames;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redshift stand-in: listens on 127.0.0.1, speaks PostgreSQL's wire protocol 3.0 as Redshift
 * does, and serves each client by a connection of its own to the PostgreSQL behind.
 */
public final class RedshiftServer implements Closeable {
  /** The only database. */
  public static final String DATABASE = "dev";

  /** The administrator, with all rights as in a new cluster. */
  public static final String USER = "awsuser";

  private static final Logger LOG = LoggerFactory.getLogger(RedshiftServer.class);

  private final ServerSocket listener;
  private final PostgresServer postgres;
  private final List<StatementExtension> extensions;
  private final LongNames names;
  private final @Nullable TlsIdentity tls;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

  private RedshiftServer(
      ServerSocket listener,
      PostgresServer postgres,
      List<StatementExtension> extensions,
      LongNames names,
      @Nullable TlsIdentity tls) {
    this.listener = listener;
    this.postgres = postgres;
    this.extensions = extensions;
    this.names = names;
    this.tls = tls;
  }

  /**
   * Installs the catalog where it is missing and listens.
   *
   * @param port 0 for any free one
   * @param password of {@link #USER}
   * @param extensions asked in order, for COPY and UNLOAD
   * @param tls null: connections are not encrypted; else all have to be
   */
  public static RedshiftServer start(
      PostgresServer postgres,
      int port,
      String password,
      List<StatementExtension> extensions,
      @Nullable TlsIdentity tls)
      throws IOException, SQLException {
    Catalog.install(postgres, password);
    LongNames names = LongNames.open(postgres.dataDirectory().resolve("long_names"));
    ServerSocket listener = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    RedshiftServer server = new RedshiftServer(listener, postgres, extensions, names, tls);
    Thread thread = new Thread(server::accept, "redshift-listener");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        Thread thread = new Thread(() -> serve(client), "redshift-client-" + client.getPort());
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.warn("A client could not be accepted: {}", e.toString());
        }
      }
    }
  }

  private void serve(Socket client) {
    clients.add(client);
    try (client) {
      Handshake handshake =
          new Handshake(client, postgres.port(), names, tls == null ? null : tls.context());
      ServerConnection server = handshake.run();
      if (server != null) {
        try (server) {
          new Session(
                  handshake.client(),
                  handshake.input(),
                  handshake.output(),
                  server,
                  extensions,
                  names)
              .run();
        }
      }
    } catch (IOException e) {
      LOG.debug("A client's connection ended: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.error("A client's connection failed", e);
    } finally {
      clients.remove(client);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket client : clients) {
      client.close();
    }
  }
}
