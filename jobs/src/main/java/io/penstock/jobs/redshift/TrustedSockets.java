package io.penstock.jobs.redshift;

import io.penstock.common.config.RedshiftConnection.Ca;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Encrypts the driver's connections where its own means do not do: the driver takes one certificate
 * of an authority and trusts all of Java's beside it, and it knows no other host name than the one
 * it connects to. Here the authorities that are named are the only ones, and the server's
 * certificate has to hold the database's own name (RFC 2818 section 3.1) whatever tunnel lies
 * between.
 *
 * <p>The driver makes an instance by the name of the class ({@code sslfactory}) and gives it a text
 * ({@code sslfactoryarg}), which here is the key of an entry in this JVM.
 */
public final class TrustedSockets extends SSLSocketFactory {
  private static final Map<String, Expectation> EXPECTATIONS = new ConcurrentHashMap<>();
  private static final Map<Ca, Authority> AUTHORITIES = new ConcurrentHashMap<>();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Expectation expectation;

  /**
   * @param number that no other authority of this JVM has
   */
  private record Authority(SSLContext context, int number) {}

  /**
   * @param host the name that the certificate has to hold; empty: any
   */
  private record Expectation(SSLContext context, Optional<String> host) {}

  /**
   * The constructor that the driver calls.
   *
   * @param key a result of {@link #expect}
   */
  public TrustedSockets(String key) {
    Expectation known = EXPECTATIONS.get(key);
    if (known == null) {
      throw new IllegalArgumentException("nothing is expected by the name " + key);
    }
    this.expectation = known;
  }

  /**
   * Remembers what the server has to prove, and answers the text that stands for it.
   *
   * @param host the name that the certificate has to hold; empty: any
   * @throws io.penstock.common.error.PenstockException {@code LOAD_CONNECTION} where the
   *     authority's certificates cannot be read
   */
  static String expect(Ca ca, Optional<String> host) {
    Authority authority =
        AUTHORITIES.computeIfAbsent(
            ca, unread -> new Authority(context(unread), COUNT.incrementAndGet()));
    String key = host.map(name -> name + "-").orElse("") + authority.number();
    EXPECTATIONS.put(key, new Expectation(authority.context(), host));
    return key;
  }

  private static SSLContext context(Ca ca) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(ca instanceof Ca.None ? null : store(ca));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Java cannot make a trust store", e);
    }
  }

  private static KeyStore store(Ca ca) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : CaCertificates.read(ca)) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    return store;
  }

  private SSLSocketFactory factory() {
    return expectation.context().getSocketFactory();
  }

  /** Encrypts a connection that is open already. */
  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    String expected = expectation.host().orElse(host);
    SSLSocket encrypted = (SSLSocket) factory().createSocket(socket, expected, port, autoClose);
    if (expectation.host().isPresent()) {
      SSLParameters parameters = encrypted.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      encrypted.setSSLParameters(parameters);
    }
    return encrypted;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return factory().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return factory().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unused();
  }

  private static IOException unused() {
    return new IOException("the driver encrypts connections that are open already");
  }
}
