package io.penstock.jobs.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.Tool;
import io.penstock.jobs.tunnel.SshTunnels;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Encrypted connections through an SSH server, and everything about them that can be wrong: refused
 * in time, with the key to change, and without a secret.
 */
class ConnectionIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.tunnelled();
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final String CANARY = "canary4d1c";
  private static final String ONE = "SELECT 1";

  @TempDir private static Path folder;

  private static WayIn way() {
    return new WayIn(SANDBOX);
  }

  private static Ca ca() {
    return new Ca.File(String.valueOf(SANDBOX.redshift().ca()));
  }

  @AfterAll
  static void close() {
    SshTunnels.closeAll();
  }

  private static PenstockException refused(WayIn way) {
    Instant start = Instant.now();
    PenstockException failure = catchThrowableOfType(PenstockException.class, () -> way.query(ONE));
    assertThat(failure).as("nothing was refused").isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
    assertThat(Duration.between(start, Instant.now())).isLessThan(LONGEST);
    return failure;
  }

  private static void refused(WayIn way, String reason, String key) {
    PenstockException failure = refused(way);
    assertThat(failure.reason()).contains(reason);
    assertThat(failure.remedy()).contains(key);
    assertThat(failure.toString()).doesNotContain(CANARY);
  }

  @Test
  void goesThroughTheTunnelToTheHostThatItNames() {
    assertThat(way().query(ONE)).isEqualTo("1");
    assertThat(way().query("SELECT current_user")).isEqualTo(SANDBOX.redshift().user());
  }

  @Test
  void takesTheAuthorityFromEverywhere() throws IOException {
    Path pem = Path.of(String.valueOf(SANDBOX.redshift().ca()));
    Ca text = new Ca.Text(Files.readString(pem));
    Ca file = new Ca.Url(URI.create("file://" + pem));
    for (TlsMode mode : List.of(TlsMode.VERIFY_FULL, TlsMode.VERIFY_CA)) {
      assertThat(way().tls(mode, text).query(ONE)).isEqualTo("1");
      assertThat(way().tls(mode, file).query(ONE)).isEqualTo("1");
      assertThat(way().direct().overridden().tls(mode, text).query(ONE)).isEqualTo("1");
      assertThat(way().direct().host("localhost").tls(mode, text).query(ONE)).isEqualTo("1");
    }
    Path bundle = folder.resolve("bundle.pem");
    Files.writeString(bundle, other("first") + Files.readString(pem));
    assertThat(way().tls(TlsMode.VERIFY_FULL, new Ca.File(bundle.toString())).query(ONE))
        .isEqualTo("1");
  }

  /** The certificate of an authority that signed nothing here. */
  private static String other(String name) throws IOException {
    Tool openssl = new Tool("openssl");
    assumeTrue(openssl.isInstalled(), "there is no openssl");
    try {
      Path pem = folder.resolve(name + "-other.pem");
      openssl.out(
          "req",
          "-x509",
          "-newkey",
          "ed25519",
          "-nodes",
          "-subj",
          "/CN=" + name,
          "-keyout",
          folder.resolve(name + ".key").toString(),
          "-out",
          pem.toString());
      return Files.readString(pem);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Test
  void anAuthorityThatDidNotSignIsRefused() throws IOException {
    refused(
        way().tls(TlsMode.VERIFY_FULL, new Ca.Text(other("wrong"))),
        "not signed by the authority of connection.tls.ca",
        "connection.tls.ca");
    refused(
        way().tls(TlsMode.VERIFY_FULL, new Ca.None()),
        "not signed by an authority that Java trusts",
        "connection.tls.ca");
    refused(
        way().direct().host("localhost").tls(TlsMode.VERIFY_CA, new Ca.None()),
        "not signed by an authority that Java trusts",
        "connection.tls.ca");
  }

  @Test
  void anotherNameThanTheCertificateHoldsIsRefused() {
    String other = "other.penstock.test";
    refused(way().host(other).overridden(), "not one of " + other, "connection.host");
    refused(way().direct().host(other).overridden(), "not one of " + other, "connection.host");
    assertThat(way().host(other).overridden().tls(TlsMode.VERIFY_CA, ca()).query(ONE))
        .isEqualTo("1");
  }

  @Test
  void authoritiesThatCannotBeReadAreRefused() throws IOException {
    refused(
        way().tls(TlsMode.VERIFY_FULL, new Ca.File("/no/such/ca.pem")),
        "/no/such/ca.pem cannot be read",
        "connection.tls.ca.file");
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    refused(
        way().tls(TlsMode.VERIFY_FULL, new Ca.File(nonsense.toString())),
        "no certificate in PEM",
        "connection.tls.ca.file");
    Path endless = folder.resolve("endless.pem");
    Files.write(endless, new byte[CaCertificates.LARGEST + 1]);
    refused(
        way().tls(TlsMode.VERIFY_FULL, new Ca.Url(endless.toUri())),
        "longer than",
        "connection.tls.ca.url");
    refused(
        way().tls(TlsMode.VERIFY_FULL, new Ca.Url(URI.create("https://127.0.0.1:1/ca.pem"))),
        "127.0.0.1 cannot be asked",
        "connection.tls.ca.url");
  }

  @Test
  void weakerModesAreWhatTheySay() {
    assertThat(way().tls(TlsMode.REQUIRE, new Ca.None()).query(ONE)).isEqualTo("1");
    refused(
        way().tls(TlsMode.DISABLE, new Ca.None()),
        "takes encrypted connections only",
        "connection.tls.mode");
  }

  @Test
  void wrongPasswordsAreRefused() {
    refused(
        way().sshPassword(CANARY),
        "refused the password of user tunnel",
        "connection.tunnel.password");
    refused(way().sshUser("nobody"), "user nobody", "connection.tunnel.user");
    refused(
        way().login(new PasswordLogin(SANDBOX.redshift().user(), new Secret.Literal(CANARY))),
        "refused the user awsuser",
        "connection.password");
  }

  @Test
  void hostKeysThatAreNotTheExpectedAreRefused() throws IOException {
    refused(
        way().hostKey(new HostKey.Fingerprint("SHA256:" + "A".repeat(43))),
        "its host key is ",
        "connection.tunnel.host-key-fingerprint");
    for (String fingerprint : SANDBOX.ssh().fingerprints()) {
      assertThat(way().hostKey(new HostKey.Fingerprint(fingerprint)).query(ONE)).isEqualTo("1");
    }
    String name = "[127.0.0.1]:" + SANDBOX.ssh().port() + " ";
    String key = SANDBOX.ssh().hostKeys().get(0);
    String foreign = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "B".repeat(43);
    known("changed", name + foreign, "known_hosts has another one");
    known("unknown", "[127.0.0.1]:1 " + key + "\n", "known_hosts has no key of this host");
    known("empty", "", "known_hosts has no key of this host");
    known("revoked", name + key + "\n@revoked * " + key + "\n", "is revoked in known_hosts");
    known("authority", "@cert-authority * " + key + "\n", "host certificates are not supported");
    refused(
        way().hostKey(new HostKey.KnownHosts("/no/such/known_hosts")),
        "cannot be read",
        "connection.tunnel.known-hosts");
  }

  private static void known(String file, String lines, String reason) throws IOException {
    Path path = Files.writeString(folder.resolve(file), lines);
    refused(way().hostKey(new HostKey.KnownHosts(path.toString())), reason, "connection.tunnel");
  }

  @Test
  void knownHostsArePlainOrHashed() throws Exception {
    Path plain = SANDBOX.ssh().knownHosts();
    assertThat(way().hostKey(new HostKey.KnownHosts(plain.toString())).query(ONE)).isEqualTo("1");
    Tool keygen = new Tool("ssh-keygen");
    assumeTrue(keygen.isInstalled(), "there is no ssh-keygen");
    Path hashed = Files.copy(plain, folder.resolve("hashed"));
    keygen.out("-H", "-f", hashed.toString());
    assertThat(Files.readString(hashed)).startsWith("|1|").doesNotContain("127.0.0.1");
    SshTunnels.closeAll();
    assertThat(way().hostKey(new HostKey.KnownHosts(hashed.toString())).query(ONE)).isEqualTo("1");
  }

  @Test
  void serversThatAreNotThereAreRefused() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    refused(way().ssh("127.0.0.1", free), "nothing accepts", "connection.tunnel.port");
    refused(
        way().ssh("bastion.penstock.invalid", 22), "name is not known", "connection.tunnel.host");
    refused(way().ssh("127.0.0.1", SANDBOX.redshift().port()), "", "connection.tunnel.port");
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForLong() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      refused(
          way().ssh("127.0.0.1", silent.getLocalPort()),
          "did not answer in time",
          "connection.tunnel.port");
    }
  }

  @Test
  void aDatabaseThatTheServerDoesNotPassOnToIsRefused() {
    refused(way().override("127.0.0.1:1"), "does not pass connections to", "connection.host");
  }

  @Test
  void oneTunnelServesAllWhoAskAndClosesAtTheEnd() throws Exception {
    String first = way().database().address();
    assertThat(way().database().address()).isEqualTo(first);
    assertThat(first).startsWith("jdbc:redshift://127.0.0.1:");
    URI near = URI.create(first.substring("jdbc:".length()));
    new Socket("127.0.0.1", near.getPort()).close();

    SshTunnels.closeAll();

    assertThatThrownBy(() -> new Socket("127.0.0.1", near.getPort()).close())
        .isInstanceOf(ConnectException.class);
    assertThat(way().query(ONE)).isEqualTo("1");
  }

  @Test
  void aTunnelThatWasCutBetweenStatementsIsOpenedAgain() throws Exception {
    try (SeveringProxy proxy = new SeveringProxy(SANDBOX.ssh().port())) {
      WayIn cut = way().ssh("127.0.0.1", proxy.port());
      Database database = cut.database();
      try (Session session = database.open()) {
        session.beginTransactions();
        session.number(SqlStatement.of(ONE));
        proxy.sever();
        SQLException broken =
            catchThrowableOfType(SQLException.class, () -> session.number(SqlStatement.of(ONE)));
        assertThat(StatementFailures.isBroken(broken)).isTrue();
      }
      try (Session session = database.open()) {
        assertThat(session.number(SqlStatement.of("SELECT 2"))).isEqualTo(2);
      }
    }
  }

  @Test
  void theConnectorsAddressIsTheTunnelsAndHoldsNoSecret() {
    String address = way().database().addressWithTls();
    assertThat(address)
        .startsWith("jdbc:redshift://127.0.0.1:")
        .contains("sslfactory=" + TrustedSockets.class.getName())
        .contains(SANDBOX.certificateHost())
        .doesNotContain(SANDBOX.redshift().password())
        .doesNotContain(SANDBOX.ssh().password());
    assertThat(connects(address, SANDBOX.redshift().password())).isTrue();
  }

  /** As the connector does: the address alone, user and password beside it. */
  private static boolean connects(String address, String password) {
    java.util.Properties properties = new java.util.Properties();
    properties.setProperty("user", SANDBOX.redshift().user());
    properties.setProperty("password", password);
    try (java.sql.Connection connection =
        new com.amazon.redshift.jdbc.Driver().connect(address, properties)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keysThatDoNotOpenAreRefused() throws Exception {
    SshKeys keys = new SshKeys(folder);
    assumeTrue(SshKeys.canMake(), "there is no ssh-keygen");
    String stranger = keys.openssh("ed25519", "", "stranger");
    String locked = keys.openssh("ed25519", "right passphrase", "locked");
    refused(
        way().key(stranger, Optional.empty()),
        "refused the key of user tunnel",
        "connection.tunnel.private-key");
    refused(way().key(locked, Optional.empty()), "is encrypted", "connection.tunnel.passphrase");
    refused(
        way().key(locked, Optional.of(CANARY)),
        "passphrase does not open",
        "connection.tunnel.passphrase");
    refused(
        way().key("PuTTY-User-Key-File-3: ssh-ed25519\n" + CANARY, Optional.empty()),
        "it is PuTTY's",
        "connection.tunnel.private-key");
    refused(
        way().key("ssh-ed25519 AAAA " + CANARY, Optional.empty()),
        "it is a public key",
        "connection.tunnel.private-key");
    String damaged =
        "-----BEGIN OPENSSH PRIVATE KEY-----\n" + CANARY + "\n-----END OPENSSH PRIVATE KEY-----";
    refused(
        way().key(damaged, Optional.empty()), "cannot be read", "connection.tunnel.private-key");
  }
}
