package io.penstock.jobs.tunnel;

import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.secret.SecretResolver;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/**
 * Tries what a tunnel needs, one thing after the other, each on a connection of its own. Every
 * method answers what it found, in a few words, and throws {@code LOAD_CONNECTION} or {@code
 * SECRET_UNRESOLVED} with the key to change.
 */
public final class SshProbe {
  private static final int LONGEST_GREETING = 16 << 10;

  private final Tunnel tunnel;
  private final SecretResolver secrets;
  private final SshFailures failures;

  public SshProbe(Tunnel tunnel, SecretResolver secrets) {
    this.tunnel = tunnel;
    this.secrets = secrets;
    this.failures = new SshFailures(tunnel);
  }

  /** Connects and reads the line that a server begins with (RFC 4253 section 4.2). */
  public String reachable() {
    int patience = Math.toIntExact(SshConnection.PATIENCE.toMillis());
    try (Socket socket = new Socket()) {
      InetSocketAddress address = new InetSocketAddress(tunnel.host(), tunnel.port());
      if (address.isUnresolved()) {
        throw failures.unreachable(new UnknownHostException());
      }
      socket.connect(address, patience);
      socket.setSoTimeout(patience);
      requireBanner(socket.getInputStream());
      return tunnel.host() + ":" + tunnel.port();
    } catch (SocketTimeoutException e) {
      throw failures.silent();
    } catch (IOException e) {
      throw failures.unreachable(e);
    }
  }

  /** Other lines may come first. */
  private void requireBanner(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int read = 0; read < LONGEST_GREETING; read++) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      line.append((char) c);
      if (line.indexOf("SSH-") == 0) {
        return;
      }
      if (c == '\n') {
        line.setLength(0);
      }
    }
    throw failures.notSsh(new EOFException());
  }

  /** Has the server prove its host key. */
  public String hostKey() {
    try (SshConnection connection =
        SshConnection.open(tunnel, Deadline.in(SshConnection.PATIENCE))) {
      return connection.hostKey().toString();
    }
  }

  /** Signs in. */
  public String signIn() {
    Deadline deadline = Deadline.in(SshConnection.PATIENCE);
    try (SshConnection connection = SshConnection.open(tunnel, deadline)) {
      connection.signIn(secrets, deadline);
      return "user " + tunnel.user();
    }
  }
}
