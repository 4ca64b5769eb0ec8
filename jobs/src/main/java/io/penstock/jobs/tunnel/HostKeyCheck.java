package io.penstock.jobs.tunnel;

import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.tunnel.KnownHosts.Marker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether a host key is the expected one. Nothing is trusted on first use. */
final class HostKeyCheck {
  private final Tunnel tunnel;
  private final SshFailures failures;
  private final @Nullable KnownHosts known;

  private HostKeyCheck(Tunnel tunnel, @Nullable KnownHosts known) {
    this.tunnel = tunnel;
    this.failures = new SshFailures(tunnel);
    this.known = known;
  }

  /**
   * @throws PenstockException {@code LOAD_CONNECTION} where known_hosts cannot be read or does not
   *     know the host
   */
  static HostKeyCheck of(Tunnel tunnel) {
    if (tunnel.hostKey() instanceof HostKey.Fingerprint) {
      return new HostKeyCheck(tunnel, null);
    }
    SshFailures failures = new SshFailures(tunnel);
    KnownHosts known = KnownHosts.parse(lines(tunnel), tunnel.host(), tunnel.port());
    if (known.algorithms().isEmpty()) {
      throw failures.of(
          known.has(Marker.AUTHORITY)
              ? "known_hosts has an authority (@cert-authority) for it, and host certificates are"
                  + " not supported"
              : "known_hosts has no key of this host",
          "Add the host's key, obtained on a way you trust, to the file of"
              + " connection.tunnel.known-hosts, or pin connection.tunnel.host-key-fingerprint");
    }
    return new HostKeyCheck(tunnel, known);
  }

  /**
   * The lines of the tunnel's known_hosts.
   *
   * @throws PenstockException {@code LOAD_CONNECTION} where the file cannot be read
   */
  static List<String> lines(Tunnel tunnel) {
    if (tunnel.hostKey() instanceof HostKey.KnownLines read) {
      return read.lines();
    }
    Path file = Path.of(((HostKey.KnownHosts) tunnel.hostKey()).path());
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SshFailures(tunnel)
          .of(
              file + " cannot be read on the driver (" + e.getClass().getSimpleName() + ")",
              "Change connection.tunnel.known-hosts, or pin"
                  + " connection.tunnel.host-key-fingerprint");
    }
  }

  /** The algorithms to ask the server for. */
  List<HostKeyAlgorithm> algorithms() {
    return known == null ? List.of(HostKeyAlgorithm.values()) : known.algorithms();
  }

  /** Whether the server may have another key that is the expected one. */
  boolean allowsOthers() {
    return known == null;
  }

  /** Why the key is refused; empty: it is the expected one. */
  Optional<PenstockException> refusal(PresentedKey key) {
    if (known != null) {
      return refusalByKnownHosts(known, key);
    }
    String pinned = ((HostKey.Fingerprint) tunnel.hostKey()).sha256();
    return key.fingerprint().equals(pinned)
        ? Optional.empty()
        : Optional.of(
            failures.of(
                "its host key is " + key + ", not the pinned one",
                "Find out why: somebody may be between. Where the server has a new key, change"
                    + " connection.tunnel.host-key-fingerprint"));
  }

  private Optional<PenstockException> refusalByKnownHosts(KnownHosts hosts, PresentedKey key) {
    if (hosts.has(Marker.REVOKED, key)) {
      return Optional.of(
          failures.of(
              "its host key " + key + " is revoked in known_hosts",
              "Do not connect: the key is known to others. Change connection.tunnel.host or give"
                  + " the server a new key"));
    }
    return hosts.has(Marker.TRUSTED, key)
        ? Optional.empty()
        : Optional.of(
            failures.of(
                "its host key is " + key + ", and known_hosts has another one",
                "Find out why: somebody may be between. Where the server has a new key, change the"
                    + " line in the file of connection.tunnel.known-hosts"));
  }
}
