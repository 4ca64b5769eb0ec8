package io.penstock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.sandbox.testing.RunningSandbox;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and SSH as psql and OpenSSH's client see them. */
class EncryptedIT {
  @TempDir private static Path directory;
  private static RunningSandbox sandbox;

  @BeforeAll
  static void start() throws Exception {
    for (String program : List.of("psql", "ssh", "ssh-keygen")) {
      assumeTrue(
          Stream.of(System.getenv("PATH").split(File.pathSeparator))
              .anyMatch(folder -> new File(folder, program).canExecute()),
          program + " is not installed");
    }
    sandbox = RunningSandbox.start(directory.resolve("home"), "--tls", "--ssh");
  }

  @AfterAll
  static void stop() throws Exception {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  private static String text(String pointer) {
    return sandbox.ready().at(pointer).asText();
  }

  private static String psql(String connection) throws Exception {
    return psql(connection, text("/redshift/password"));
  }

  private static String psql(String connection, String password) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "psql",
            "-X",
            "-A",
            "-t",
            "-d",
            connection + " dbname=dev user=awsuser connect_timeout=10",
            "-c",
            "SELECT 1");
    builder.environment().put("PGPASSWORD", password);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static String direct(String host, String rest) throws Exception {
    return psql("host=" + host + " port=" + text("/redshift/port") + " " + rest);
  }

  @Test
  void psql_verifies_the_certificate_and_its_names() throws Exception {
    String full = "sslmode=verify-full sslrootcert=" + text("/redshift/ca");
    assertThat(direct("localhost", full)).isEqualTo("1\n");
    assertThat(direct("127.0.0.1", full)).isEqualTo("1\n");
    String host = text("/redshift/certificateHost");
    assertThat(direct(host, "hostaddr=127.0.0.1 " + full)).isEqualTo("1\n");
    assertThat(direct("other.penstock.test", "hostaddr=127.0.0.1 " + full))
        .contains("does not match host name");
    assertThat(direct("localhost", "sslmode=verify-full sslrootcert=" + foreign()))
        .contains("certificate verify failed");
  }

  private static Path foreign() throws Exception {
    Path pem = directory.resolve("foreign.pem");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ed25519",
                "-nodes",
                "-subj",
                "/CN=other",
                "-keyout",
                directory.resolve("foreign.key").toString(),
                "-out",
                pem.toString())
            .redirectErrorStream(true)
            .start();
    openssl.getInputStream().readAllBytes();
    assertThat(openssl.waitFor()).isZero();
    return pem;
  }

  @Test
  void connections_that_are_not_encrypted_are_refused() throws Exception {
    assertThat(direct("localhost", "sslmode=disable")).contains("no pg_hba.conf entry", "SSL off");
    assertThat(psql("host=localhost port=" + text("/redshift/port") + " sslmode=require", "wrong"))
        .contains("password authentication failed");
  }

  @Test
  void ssh_passes_connections_to_redshift_on_and_nothing_else() throws Exception {
    Path key = key();
    int port = freePort();
    Process ssh = ssh(key, "-N", "-L", port + ":warehouse.penstock.test:" + text("/redshift/port"));
    try {
      awaitListening(port);
      assertThat(
              psql(
                  "host=warehouse.penstock.test hostaddr=127.0.0.1 port="
                      + port
                      + " sslmode=verify-full sslrootcert="
                      + text("/redshift/ca")))
          .isEqualTo("1\n");
    } finally {
      ssh.destroy();
      ssh.waitFor();
    }
    int other = freePort();
    String s3 = text("/s3/endpoint").replaceFirst(".*:", "");
    Process refused = ssh(key, "-N", "-L", other + ":127.0.0.1:" + s3);
    try {
      awaitListening(other);
      try (Socket socket = new Socket("127.0.0.1", other)) {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    } finally {
      refused.destroy();
      refused.waitFor();
    }
    assertThat(said()).contains("administratively prohibited");
    assertThat(ssh(key, "-T").waitFor()).isNotZero();
    assertThat(said()).contains("channel 0: open failed");
  }

  @Test
  void ssh_refuses_keys_that_were_not_added() throws Exception {
    Path stranger = made("stranger");
    assertThat(ssh(stranger, "-N").waitFor()).isNotZero();
    assertThat(said()).contains("Permission denied");
  }

  @Test
  void a_restart_keeps_the_keys_and_the_certificate() throws Exception {
    Path home = directory.resolve("again");
    String first;
    String authority;
    try (RunningSandbox before = RunningSandbox.start(home, "--tls", "--ssh")) {
      first = before.ready().at("/ssh/fingerprints").toString();
      authority = Files.readString(Path.of(before.ready().at("/redshift/ca").asText()));
    }
    try (RunningSandbox after = RunningSandbox.start(home, "--tls", "--ssh")) {
      assertThat(after.ready().at("/ssh/fingerprints").toString()).isEqualTo(first);
      assertThat(Path.of(after.ready().at("/redshift/ca").asText())).hasContent(authority);
    }
    assertThat(Files.getPosixFilePermissions(home.resolve("tls/server.p12")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    for (String secret : List.of("host_ed25519", "host_ecdsa", "authorized_keys")) {
      assertThat(Files.getPosixFilePermissions(home.resolve("ssh").resolve(secret)))
          .as(secret)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static Path made(String name) throws Exception {
    Path key = directory.resolve(name);
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
            .start();
    assertThat(keygen.waitFor()).isZero();
    return key;
  }

  private static Path key() throws Exception {
    Path key = made("key");
    Files.writeString(
        Path.of(text("/ssh/authorizedKeys")),
        Files.readString(directory.resolve("key.pub")),
        StandardOpenOption.APPEND);
    return key;
  }

  private static Process ssh(Path key, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("ssh", "-F", "none", "-i", key.toString());
    builder.command().addAll(List.of("-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"));
    builder.command().addAll(List.of("-o", "StrictHostKeyChecking=yes"));
    builder.command().addAll(List.of("-o", "UserKnownHostsFile=" + text("/ssh/knownHosts")));
    builder.command().addAll(List.of("-p", text("/ssh/port")));
    builder.command().addAll(List.of(arguments));
    builder.command().add(text("/ssh/user") + "@" + text("/ssh/host"));
    return builder
        .redirectError(directory.resolve("said").toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What the latest client complained of. */
  private static String said() throws IOException {
    return Files.readString(directory.resolve("said"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListening(int port) throws Exception {
    Instant limit = Instant.now().plus(Duration.ofSeconds(20));
    while (true) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException e) {
        assertThat(Instant.now()).isBefore(limit);
        Thread.sleep(50);
      }
    }
  }
}
