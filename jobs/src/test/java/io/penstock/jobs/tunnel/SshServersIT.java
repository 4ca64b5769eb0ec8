package io.penstock.jobs.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that are set up otherwise than the sandbox's. */
class SshServersIT {
  private static final SecretResolver SECRETS = secret -> ((Secret.Literal) secret).value();
  private static final String PASSWORD = "secret";

  private final List<KeyPair> keys = new ArrayList<>();
  private SshServer server;

  @BeforeEach
  void start() throws Exception {
    keys.add(KeyUtils.generateKeyPair("ssh-rsa", 2048));
    keys.add(KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256));
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(keys));
    server.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD));
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
  }

  @AfterEach
  void stop() throws IOException {
    SshTunnels.closeAll();
    server.stop(true);
  }

  private Tunnel tunnel(int key) {
    return new Tunnel(
        "127.0.0.1",
        server.getPort(),
        "user",
        Optional.of(new Secret.Literal(PASSWORD)),
        Optional.empty(),
        new HostKey.Fingerprint(PresentedKey.of(keys.get(key).getPublic()).fingerprint()));
  }

  @Test
  void anyOfTheServersKeysMayBePinned() throws Exception {
    server.start();
    for (int key = 0; key < keys.size(); key++) {
      assertThat(new SshProbe(tunnel(key), SECRETS).hostKey())
          .isEqualTo(PresentedKey.of(keys.get(key).getPublic()).toString());
    }
  }

  @Test
  void aServerThatAsksForThePasswordInteractivelyIsGivenIt() throws Exception {
    server.setUserAuthFactories(List.of(UserAuthKeyboardInteractiveFactory.INSTANCE));
    server.start();

    assertThat(new SshProbe(tunnel(0), SECRETS).signIn()).isEqualTo("user user");
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class, new SshProbe(tunnel(0), secret -> "wrong")::signIn);
    assertThat(refused.remedy()).contains("connection.tunnel.password");
  }

  @Test
  void aDatabaseThatTheServerCannotReachIsTold() throws Exception {
    server.start();
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    for (String target : List.of("127.0.0.1:" + free, "warehouse.penstock.invalid:5439")) {
      PenstockException refused =
          catchThrowableOfType(
              PenstockException.class, () -> SshTunnels.entrance(tunnel(1), target, SECRETS));

      assertThat(refused.reason()).contains("cannot connect to " + target);
      assertThat(refused.remedy()).contains("connection.host");
    }
  }

  @Test
  void aTunnelLeavesNoConnectionOfItsTrialsBehind() throws Exception {
    server.start();
    try (ServerSocket database = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      database.setSoTimeout(5_000);
      SshTunnels.entrance(tunnel(1), "127.0.0.1:" + database.getLocalPort(), SECRETS);
      try (Socket trial = database.accept()) {
        trial.setSoTimeout(5_000);
        assertThat(trial.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
