package io.penstock.jobs.redshift;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.aws.TemporaryLogin;
import io.penstock.jobs.aws.TemporaryLogins;
import io.penstock.jobs.tunnel.SshTunnels;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Opens connections with the Amazon Redshift JDBC driver ("Options for JDBC driver version 2.x
 * configuration", Amazon Redshift Management Guide). The password travels in the driver's
 * properties only, never in an address.
 */
public final class Database {
  static final int LOGIN_SECONDS = 15;

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z0-9._-]+:\\d{1,5}");

  private final RedshiftConnection connection;
  private final String whose;
  private final SecretResolver secrets;
  private final Driver driver;

  /**
   * @param whose who asks, for messages: such as {@code destination warehouse}
   */
  public Database(RedshiftConnection connection, String whose, SecretResolver secrets) {
    this(connection, whose, secrets, new com.amazon.redshift.jdbc.Driver());
  }

  /** As the other, by a driver that stands in for the real one. */
  public Database(
      RedshiftConnection connection, String whose, SecretResolver secrets, Driver driver) {
    this.connection = connection;
    this.whose = whose;
    this.secrets = secrets;
    this.driver = driver;
  }

  /**
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  public Session open() {
    return open(Duration.ZERO);
  }

  /**
   * @param silence of the server after which the connection is given up; zero: none
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  public Session open(Duration silence) {
    Login login = login();
    Properties properties = properties();
    properties.setProperty("sockettimeout", String.valueOf(silence.toSeconds()));
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password());
    String address = address();
    try {
      Connection opened = driver.connect(address, properties);
      if (opened == null) {
        throw new IllegalStateException("not an address of the driver: " + address);
      }
      return new Session(opened);
    } catch (SQLException e) {
      requireTunnel(e);
      throw ConnectionFailures.of(connection, whose, e, login.password());
    }
  }

  /** Who signs in; the password is in no text of it. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  /** The user and password that are valid now. */
  public Login login() {
    if (connection.login() instanceof IamLogin iam) {
      TemporaryLogin issued = TemporaryLogins.current(iam, connection.database(), secrets);
      return new Login(issued.user(), issued.password());
    }
    PasswordLogin login = (PasswordLogin) connection.login();
    return new Login(login.name(), secrets.resolve(login.password()));
  }

  /**
   * The address without credentials and without options; the near end of the tunnel where there is
   * one, which is opened for it.
   */
  public String address() {
    requireForm();
    return "jdbc:redshift://"
        + connection
            .tunnel()
            .map(tunnel -> SshTunnels.entrance(tunnel, connection.endpoint(), secrets))
            .orElse(connection.endpoint())
        + "/"
        + URLEncoder.encode(connection.database(), StandardCharsets.UTF_8);
  }

  private void requireForm() {
    boolean overridden = connection.endpointOverride().isPresent();
    String written = connection.endpointOverride().orElse(connection.host());
    if (!(overridden ? ENDPOINT : HOST).matcher(written).matches()) {
      throw PenstockException.of(
          ErrorCode.LOAD_CONNECTION,
          "Redshift cannot be reached for " + whose,
          "the host name holds characters that no host name has",
          "Change connection." + (overridden ? "endpoint-override" : "host"));
    }
  }

  /** A tunnel that leads nowhere explains a failure better than the connection it cut. */
  private void requireTunnel(SQLException failure) {
    connection
        .tunnel()
        .ifPresent(
            tunnel -> {
              try {
                SshTunnels.require(tunnel, connection.endpoint(), secrets);
              } catch (PenstockException cut) {
                cut.addSuppressed(StatementFailures.withoutValues(failure));
                throw cut;
              }
            });
  }

  /** The address with the options that decide about encryption, for a client that takes no more. */
  public String addressWithTls() {
    return address()
        + "?"
        + tls().entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue() + "&")
            .collect(Collectors.joining())
        + "loginTimeout="
        + LOGIN_SECONDS
        + "&tcpKeepAlive=true&logServerErrorDetail=false";
  }

  private Properties properties() {
    Properties properties = new Properties();
    tls().forEach(properties::setProperty);
    properties.setProperty("logintimeout", String.valueOf(LOGIN_SECONDS));
    properties.setProperty("connecttimeout", String.valueOf(LOGIN_SECONDS));
    properties.setProperty("tcpkeepalive", "true");
    properties.setProperty("applicationname", "penstock");
    // The server's error detail quotes rows.
    properties.setProperty("logservererrordetail", "false");
    properties.setProperty("loglevel", "0");
    // A semicolon inside one of the user's statements is not the end of it.
    properties.setProperty("enablemultisqlsupport", "false");
    properties.setProperty("raiseexceptiononsilentrollback", "true");
    // What the driver reads ahead of a result; by default up to 1 GB.
    properties.setProperty("fetchringbuffersize", "16M");
    return properties;
  }

  /**
   * The driver knows the modes verify-ca and verify-full by name, and the others by these means.
   * Sockets of our own have checked the name where the driver is told verify-ca.
   */
  private Map<String, String> tls() {
    TlsMode mode = connection.tls().mode();
    Ca ca = connection.tls().ca();
    boolean full = mode == TlsMode.VERIFY_FULL;
    if (mode.isVerified() && (!(ca instanceof Ca.None) || full && !connectsToHost())) {
      Map<String, String> options = new LinkedHashMap<>();
      options.put("ssl", "true");
      options.put("sslmode", "verify-ca");
      options.put("sslfactory", TrustedSockets.class.getName());
      options.put(
          "sslfactoryarg",
          TrustedSockets.expect(ca, full ? Optional.of(connection.host()) : Optional.empty()));
      return options;
    }
    return switch (mode) {
      case VERIFY_FULL -> Map.of("ssl", "true", "sslmode", "verify-full");
      case VERIFY_CA -> Map.of("ssl", "true", "sslmode", "verify-ca");
      case REQUIRE ->
          Map.of("ssl", "true", "sslfactory", "com.amazon.redshift.ssl.NonValidatingFactory");
      case DISABLE -> Map.of("ssl", "false");
    };
  }

  private boolean connectsToHost() {
    return connection.tunnel().isEmpty() && connection.endpointOverride().isEmpty();
  }
}
