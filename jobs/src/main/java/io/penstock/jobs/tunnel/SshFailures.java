package io.penstock.jobs.tunnel;

import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.jspecify.annotations.Nullable;

/** Why a tunnel did not come about, and the key to change. No message holds a secret. */
final class SshFailures {
  private final Tunnel tunnel;

  SshFailures(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  PenstockException of(String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.LOAD_CONNECTION,
        "There is no SSH tunnel through " + tunnel.host() + ":" + tunnel.port(),
        reason,
        remedy);
  }

  /** The server cannot be talked to at all. */
  PenstockException unreachable(Throwable failure) {
    if (has(failure, UnknownHostException.class)
        || has(failure, UnresolvedAddressException.class)) {
      return of("its name is not known", "Change connection.tunnel.host, or check DNS");
    }
    if (has(failure, ConnectException.class) || has(failure, NoRouteToHostException.class)) {
      return of(
          "nothing accepts connections there",
          "Change connection.tunnel.host or connection.tunnel.port, or start the SSH server");
    }
    if (has(failure, TimeoutException.class)) {
      return silent();
    }
    return notSsh(failure);
  }

  PenstockException silent() {
    return of(
        "it did not answer in time",
        "Check connection.tunnel.host and connection.tunnel.port, and that a firewall and a route"
            + " let this machine through");
  }

  PenstockException notSsh(Throwable failure) {
    return of(
        "what answers there does not speak SSH as this client does ("
            + failure.getClass().getSimpleName()
            + ")",
        "Change connection.tunnel.port to that of the SSH server; it needs an algorithm of today:"
            + " RSA with SHA-2, ECDSA or Ed25519");
  }

  /** The server refused all that was offered to sign in. */
  PenstockException login() {
    boolean key = tunnel.key().isPresent();
    boolean password = tunnel.password().isPresent();
    String offered = key && password ? "key and the password" : key ? "key" : "password";
    String keys =
        key && password
            ? "connection.tunnel.private-key or connection.tunnel.password"
            : key ? "connection.tunnel.private-key" : "connection.tunnel.password";
    return of(
        "it refused the " + offered + " of user " + tunnel.user(),
        "Change connection.tunnel.user or " + keys + ", or let the server accept it");
  }

  /**
   * The server passes no connection on to the database.
   *
   * @param target {@code host:port}
   */
  PenstockException forward(String target, Throwable failure) {
    SshChannelOpenException refused = find(failure, SshChannelOpenException.class);
    if (refused == null) {
      return of(
          "it did not connect to " + target + " in time",
          "Check connection.host and connection.port as they are seen from the SSH server");
    }
    return switch (refused.getReasonCode()) {
      case SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED ->
          of(
              "it does not pass connections to " + target + " on for user " + tunnel.user(),
              "Allow it on the SSH server (AllowTcpForwarding, PermitOpen), or change"
                  + " connection.tunnel.user, connection.host or connection.port");
      default ->
          of(
              "it cannot connect to " + target,
              "Change connection.host or connection.port to what the SSH server reaches the"
                  + " database by, and let it through the database's security group");
    };
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    return find(failure, type) != null;
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }
}
