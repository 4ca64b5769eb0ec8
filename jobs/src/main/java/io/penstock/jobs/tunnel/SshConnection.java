package io.penstock.jobs.tunnel;

import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.SecretResolver;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with an SSH server that has proved its host key. Nothing of the user's own ~/.ssh
 * is looked at: neither settings nor keys nor an agent.
 */
final class SshConnection implements AutoCloseable {
  /** All of a connection's steps together; what calls wants an answer within 15 seconds. */
  static final Duration PATIENCE = Duration.ofSeconds(12);

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final int UNANSWERED = 3;

  /** AES first: Java has it in machine code, and ChaCha20 is slower here by several times. */
  private static final List<NamedFactory<Cipher>> CIPHERS =
      List.of(
          BuiltinCiphers.aes128gcm,
          BuiltinCiphers.aes256gcm,
          BuiltinCiphers.aes128ctr,
          BuiltinCiphers.aes256ctr,
          BuiltinCiphers.cc20p1305_openssh);

  private static final SshdSocketAddress LOOPBACK = new SshdSocketAddress("127.0.0.1", 0);

  static {
    // pure Java would otherwise do what Java's own providers do faster
    SecurityUtils.setAPrioriDisabledProvider(SecurityUtils.BOUNCY_CASTLE, true);
  }

  private final Tunnel tunnel;
  private final SshFailures failures;
  private final SshClient client;
  private final ClientSession session;
  private final PresentedKey hostKey;

  private SshConnection(
      Tunnel tunnel, SshClient client, ClientSession session, PresentedKey hostKey) {
    this.tunnel = tunnel;
    this.failures = new SshFailures(tunnel);
    this.client = client;
    this.session = session;
    this.hostKey = hostKey;
  }

  /**
   * Connects and checks the host key. A server has a key of each algorithm: where a pinned one was
   * not shown, the others are asked for.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  static SshConnection open(Tunnel tunnel, Deadline deadline) {
    HostKeyCheck check = HostKeyCheck.of(tunnel);
    List<HostKeyAlgorithm> algorithms = new ArrayList<>(check.algorithms());
    Opening opening = new Opening(tunnel, check, algorithms);
    SshConnection opened = opening.run(deadline);
    while (opened == null) {
      PenstockException refused = opening.refused();
      Optional<HostKeyAlgorithm> seen = opening.seen();
      seen.ifPresent(algorithms::remove);
      if (!check.allowsOthers() || seen.isEmpty() || algorithms.isEmpty()) {
        throw refused;
      }
      opening = new Opening(tunnel, check, algorithms);
      try {
        opened = opening.run(deadline);
      } catch (PenstockException noOtherKey) {
        throw refused;
      }
    }
    return opened;
  }

  /** One attempt, with some of the algorithms. */
  private static final class Opening {
    private final Tunnel tunnel;
    private final SshFailures failures;
    private final HostKeyCheck check;
    private final SshClient client;
    private volatile @Nullable PresentedKey presented;
    private volatile @Nullable PenstockException refusal;

    Opening(Tunnel tunnel, HostKeyCheck check, List<HostKeyAlgorithm> algorithms) {
      this.tunnel = tunnel;
      this.failures = new SshFailures(tunnel);
      this.check = check;
      this.client = client(algorithms);
    }

    private SshClient client(List<HostKeyAlgorithm> algorithms) {
      SshClient made = SshClient.setUpDefaultClient();
      made.setCipherFactories(CIPHERS);
      made.setSignatureFactories(HostKeyAlgorithm.signatures(algorithms));
      made.setServerKeyVerifier((session, address, key) -> accepts(session, address, key));
      made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
      made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
      made.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
      made.setAgentFactory(null);
      made.setUserAuthFactories(
          List.of(
              new UserAuthPublicKeyFactory(
                  HostKeyAlgorithm.signatures(List.of(HostKeyAlgorithm.values()))),
              UserAuthKeyboardInteractiveFactory.INSTANCE,
              UserAuthPasswordFactory.INSTANCE));
      CoreModuleProperties.PASSWORD_PROMPTS.set(made, 1);
      CoreModuleProperties.IDLE_TIMEOUT.set(made, Duration.ZERO);
      CoreModuleProperties.NIO2_READ_TIMEOUT.set(made, Duration.ZERO);
      CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, KEEP_ALIVE);
      CoreModuleProperties.HEARTBEAT_REQUEST.set(made, "keepalive@openssh.com");
      CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, UNANSWERED);
      CoreModuleProperties.SOCKET_KEEPALIVE.set(made, true);
      CoreModuleProperties.TCP_NODELAY.set(made, true);
      return made;
    }

    private boolean accepts(ClientSession session, SocketAddress address, PublicKey key) {
      PresentedKey shown = PresentedKey.of(key);
      presented = shown;
      Optional<PenstockException> refused = check.refusal(shown);
      refusal = refused.orElse(null);
      return refused.isEmpty();
    }

    /** Null where the host key was refused. */
    @Nullable SshConnection run(Deadline deadline) {
      client.start();
      boolean opened = false;
      try {
        ClientSession session =
            client
                .connect(tunnel.user(), tunnel.host(), tunnel.port())
                .verify(deadline.remaining())
                .getSession();
        Set<ClientSessionEvent> events =
            session.waitFor(
                EnumSet.of(ClientSessionEvent.WAIT_AUTH, ClientSessionEvent.CLOSED),
                deadline.remaining());
        PresentedKey shown = presented;
        if (refusal != null) {
          return null;
        }
        if (events.contains(ClientSessionEvent.TIMEOUT)) {
          throw failures.silent();
        }
        if (shown == null || events.contains(ClientSessionEvent.CLOSED)) {
          throw failures.notSsh(new IOException("closed"));
        }
        opened = true;
        return new SshConnection(tunnel, client, session, shown);
      } catch (IOException e) {
        if (refusal != null) {
          return null;
        }
        throw failures.unreachable(e);
      } finally {
        if (!opened) {
          client.stop();
        }
      }
    }

    PenstockException refused() {
      PenstockException known = refusal;
      if (known == null) {
        throw new IllegalStateException("no host key was refused");
      }
      return known;
    }

    Optional<HostKeyAlgorithm> seen() {
      PresentedKey shown = presented;
      return shown == null ? Optional.empty() : HostKeyAlgorithm.of(shown.type());
    }
  }

  /** The key that the server has proved. */
  PresentedKey hostKey() {
    return hostKey;
  }

  /**
   * Signs in with the key, the password, or whichever of both is accepted.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  void signIn(SecretResolver secrets, Deadline deadline) {
    tunnel
        .key()
        .map(key -> new PrivateKeys(failures).read(key, secrets))
        .ifPresent(session::addPublicKeyIdentity);
    tunnel.password().map(secrets::resolve).ifPresent(session::addPasswordIdentity);
    try {
      session.auth().verify(deadline.remaining());
    } catch (IOException e) {
      throw session.isOpen() && isLate(e) ? failures.silent() : failures.login();
    }
  }

  private static boolean isLate(IOException failure) {
    return failure instanceof java.io.InterruptedIOException
        || failure.getCause() instanceof java.util.concurrent.TimeoutException;
  }

  /**
   * Has the server connect to the target once, and ends that connection.
   *
   * @param target {@code host:port} as the server knows it
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  void require(String target, Deadline deadline) {
    try {
      ChannelDirectTcpip channel = session.createDirectTcpipChannel(LOOPBACK, address(target));
      channel.open().verify(deadline.remaining());
      // not at once: only then is the server told, and the database's connection ends too
      channel.close(false);
    } catch (IOException e) {
      throw failures.forward(target, e);
    }
  }

  /**
   * Listens on a free port of the loopback and passes what connects there on to the target.
   *
   * @return the port
   */
  int forward(String target) {
    try {
      return session.startLocalPortForwarding(LOOPBACK, address(target)).getPort();
    } catch (IOException e) {
      throw failures.of(
          "no port of 127.0.0.1 can be listened on (" + e.getClass().getSimpleName() + ")",
          "Let this process listen on the loopback");
    }
  }

  private static SshdSocketAddress address(String target) {
    int colon = target.lastIndexOf(':');
    return new SshdSocketAddress(
        target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
  }

  boolean isOpen() {
    return session.isOpen() && client.isOpen();
  }

  @Override
  public void close() {
    client.stop();
  }
}
