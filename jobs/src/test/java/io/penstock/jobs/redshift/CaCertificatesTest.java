package io.penstock.jobs.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are fetched from a server with https, which Java trusts or does not. */
class CaCertificatesTest {
  private static final String PASSWORD = "changeit";

  @TempDir private static Path folder;
  private static KeyStore identity;
  private static SSLContext formerContext;
  private static HttpsServer server;

  @BeforeAll
  static void start() throws Exception {
    formerContext = SSLContext.getDefault();
    identity = identity(folder.resolve("server.p12"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(identity, PASSWORD.toCharArray());
    SSLContext own = SSLContext.getInstance("TLS");
    own.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(own));
    server.createContext("/ca.pem", exchange -> answer(exchange, 200, pem()));
    server.createContext("/empty.pem", exchange -> answer(exchange, 200, "nothing"));
    server.createContext("/moved", exchange -> moved(exchange, "/ca.pem"));
    server.createContext("/downgraded", exchange -> moved(exchange, "http://localhost:1/ca.pem"));
    server.start();
  }

  /** A certificate of localhost that it signed itself. */
  private static KeyStore identity(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static String pem() {
    try {
      String base64 =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate().getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Certificate certificate() throws Exception {
    return identity.getCertificate("server");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void moved(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    answer(exchange, 302, "");
  }

  @AfterEach
  void forget() {
    SSLContext.setDefault(formerContext);
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static void trust() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLContext.setDefault(context);
  }

  private static Ca url(String path) {
    return url("localhost", path);
  }

  private static Ca url(String host, String path) {
    return new Ca.Url(
        URI.create("https://" + host + ":" + server.getAddress().getPort() + "/" + path));
  }

  @Test
  void areFetchedFromAServerThatJavaTrusts() throws Exception {
    trust();
    for (String path : new String[] {"ca.pem", "moved"}) {
      assertThat(CaCertificates.read(url(path))).singleElement().isEqualTo(certificate());
    }
  }

  @Test
  void areNotTakenFromAnybodyElse() throws Exception {
    refused(url("ca.pem"), "localhost cannot be asked for it (SSLHandshakeException)");
    trust();
    refused(url("127.0.0.1", "ca.pem"), "127.0.0.1 cannot be asked for it (SSLHandshakeException)");
    refused(url("downgraded"), "localhost answered 302");
    refused(url("nowhere"), "localhost answered 404");
    refused(url("empty.pem"), "what was read holds no certificate in PEM");
  }

  private static void refused(Ca ca, String reason) {
    assertThatThrownBy(() -> CaCertificates.read(ca))
        .isInstanceOfSatisfying(
            PenstockException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.remedy()).contains("connection.tls.ca.url");
            });
  }
}
