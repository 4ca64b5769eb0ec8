package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.SecretResolver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Opens connections with the Amazon Redshift JDBC driver ("Options for JDBC driver version 2.x
 * configuration", Amazon Redshift Management Guide). The password travels in the driver's
 * properties only, never in an address.
 */
final class Database {
  static final int LOGIN_SECONDS = 15;

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z0-9._-]+:\\d{1,5}");

  private final RedshiftDestination destination;
  private final SecretResolver secrets;
  private final Driver driver;

  Database(RedshiftDestination destination, SecretResolver secrets) {
    this(destination, secrets, new com.amazon.redshift.jdbc.Driver());
  }

  Database(RedshiftDestination destination, SecretResolver secrets, Driver driver) {
    this.destination = destination;
    this.secrets = secrets;
    this.driver = driver;
  }

  /**
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  Session open() {
    return open(Duration.ZERO);
  }

  /**
   * @param silence of the server after which the connection is given up; zero: none
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  Session open(Duration silence) {
    Properties properties = properties();
    properties.setProperty("sockettimeout", String.valueOf(silence.toSeconds()));
    properties.setProperty("user", destination.connection().user());
    properties.setProperty("password", password());
    String address = address();
    try {
      Connection connection = driver.connect(address, properties);
      if (connection == null) {
        throw new IllegalStateException("not an address of the driver: " + address);
      }
      return new Session(connection);
    } catch (SQLException e) {
      throw ConnectionFailures.of(destination, e, properties.getProperty("password"));
    }
  }

  String password() {
    return secrets.resolve(destination.connection().password());
  }

  /** The address without credentials and without options. */
  String address() {
    RedshiftDestination.Connection connection = destination.connection();
    String endpoint =
        connection.endpointOverride().orElse(connection.host() + ":" + connection.port());
    Pattern form = connection.endpointOverride().isPresent() ? ENDPOINT : HOST;
    String written = connection.endpointOverride().orElse(connection.host());
    if (!form.matcher(written).matches()) {
      throw PenstockException.of(
          ErrorCode.LOAD_CONNECTION,
          "Redshift cannot be reached for destination " + destination.name(),
          "the host name holds characters that no host name has",
          "Change connection."
              + (connection.endpointOverride().isPresent() ? "endpoint-override" : "host"));
    }
    return "jdbc:redshift://"
        + endpoint
        + "/"
        + URLEncoder.encode(connection.database(), StandardCharsets.UTF_8);
  }

  /** The address with the options that decide about encryption, for a client that takes no more. */
  String addressWithTls() {
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
    return properties;
  }

  /**
   * The driver knows the modes verify-ca and verify-full by name, and the others by these means.
   */
  private Map<String, String> tls() {
    return switch (destination.connection().tls()) {
      case VERIFY_FULL -> Map.of("ssl", "true", "sslmode", "verify-full");
      case VERIFY_CA -> Map.of("ssl", "true", "sslmode", "verify-ca");
      case REQUIRE ->
          Map.of("ssl", "true", "sslfactory", "com.amazon.redshift.ssl.NonValidatingFactory");
      case DISABLE -> Map.of("ssl", "false");
    };
  }
}
