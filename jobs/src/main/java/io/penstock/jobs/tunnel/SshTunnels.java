package io.penstock.jobs.tunnel;

import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.Key;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open tunnels of this JVM, one for each way to a database, shared by all who connect to it. A
 * tunnel that has died is opened anew for the next who asks; they close when a run ends, or when
 * the JVM does.
 */
public final class SshTunnels {
  private static final Logger LOG = LoggerFactory.getLogger(SshTunnels.class);
  private static final Map<Way, Open> OPEN = new HashMap<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(SshTunnels::closeAll, "penstock-tunnels-close"));
  }

  private SshTunnels() {}

  private record Way(Tunnel tunnel, String target) {}

  private record Open(SshConnection connection, int port) {}

  /**
   * The near end of the tunnel, {@code host:port} on the loopback; opens it where it is not open.
   *
   * @param target {@code host:port} of the database as the SSH server knows it
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  public static String entrance(Tunnel tunnel, String target, SecretResolver secrets) {
    return "127.0.0.1:" + open(new Way(tunnel, target), secrets).port();
  }

  /**
   * The tunnel with everything that it refers to read, so that it can be opened on another machine.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, {@code SECRET_UNRESOLVED}
   */
  public static Tunnel resolved(Tunnel tunnel, SecretResolver secrets) {
    return new Tunnel(
        tunnel.host(),
        tunnel.port(),
        tunnel.user(),
        tunnel.password().map(password -> literal(password, secrets)),
        tunnel
            .key()
            .map(
                key ->
                    new Key(
                        literal(key.privateKey(), secrets),
                        key.passphrase().map(phrase -> literal(phrase, secrets)))),
        tunnel.hostKey() instanceof HostKey.Fingerprint
            ? tunnel.hostKey()
            : new HostKey.KnownLines(HostKeyCheck.lines(tunnel)));
  }

  private static Secret literal(Secret secret, SecretResolver secrets) {
    return new Secret.Literal(secrets.resolve(secret));
  }

  /**
   * Returns where a tunnel leads to the database.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  public static void require(Tunnel tunnel, String target, SecretResolver secrets) {
    Open open = open(new Way(tunnel, target), secrets);
    open.connection().require(target, Deadline.in(SshConnection.PATIENCE));
  }

  private static synchronized Open open(Way way, SecretResolver secrets) {
    Open open = OPEN.get(way);
    if (open != null && open.connection().isOpen()) {
      return open;
    }
    if (open != null) {
      LOG.warn("The SSH tunnel through {} broke; it is opened again", way.tunnel().host());
      OPEN.remove(way);
      open.connection().close();
    }
    Open opened = opened(way, secrets);
    OPEN.put(way, opened);
    return opened;
  }

  private static Open opened(Way way, SecretResolver secrets) {
    Deadline deadline = Deadline.in(SshConnection.PATIENCE);
    SshConnection connection = SshConnection.open(way.tunnel(), deadline);
    boolean done = false;
    try {
      connection.signIn(secrets, deadline);
      connection.require(way.target(), deadline);
      Open opened = new Open(connection, connection.forward(way.target()));
      LOG.info(
          "SSH tunnel to {} through {}, host key {}",
          way.target(),
          way.tunnel().host(),
          connection.hostKey());
      done = true;
      return opened;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  /** Closes what is open; who asks afterwards gets a new one. */
  public static synchronized void closeAll() {
    OPEN.values().forEach(open -> open.connection().close());
    OPEN.clear();
  }
}
