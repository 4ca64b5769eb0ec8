package io.penstock.common.config;

import io.penstock.common.secret.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a Redshift database; CONTRACT section 5, "connection".
 *
 * @param host whose name the server's certificate has to hold, whatever the connection goes through
 * @param tunnel empty: the database is reached directly
 * @param endpointOverride {@code host:port} to connect to instead, for tests
 */
public record RedshiftConnection(
    String host,
    int port,
    String database,
    Login login,
    Tls tls,
    Optional<Tunnel> tunnel,
    Optional<String> endpointOverride) {

  /** Where the connection leads: {@code host:port} of the database, or what stands in for it. */
  public String endpoint() {
    return endpointOverride.orElse(host + ":" + port);
  }

  /** The database user; empty where AWS names it. */
  public String user() {
    return login.user().orElse("");
  }

  /** Who signs in. */
  public sealed interface Login {
    /** The database user; empty where AWS names it. */
    Optional<String> user();
  }

  /** A database user with a password of its own. */
  public record PasswordLogin(String name, Secret password) implements Login {
    @Override
    public Optional<String> user() {
      return Optional.of(name);
    }
  }

  /**
   * A user whose password AWS issues and lets expire: {@code GetClusterCredentials}, {@code
   * GetClusterCredentialsWithIAM} or, of Redshift Serverless, {@code GetCredentials}.
   *
   * @param user of a cluster; empty: the user that stands for the AWS identity
   * @param endpoint of the AWS service, for tests; null: AWS's own in the region
   */
  public record IamLogin(
      Warehouse warehouse,
      Optional<String> user,
      String region,
      @Nullable URI endpoint,
      S3Access.Credentials credentials)
      implements Login {}

  /** What AWS is asked for credentials of. */
  public sealed interface Warehouse {
    String name();

    /** A provisioned cluster. */
    record Cluster(String name) implements Warehouse {}

    /** A workgroup of Redshift Serverless. */
    record Workgroup(String name) implements Warehouse {}
  }

  /**
   * How the connection is encrypted.
   *
   * @param ca whose certificates alone are trusted
   */
  public record Tls(TlsMode mode, Ca ca) {}

  /** How far the server's certificate is checked. */
  public enum TlsMode {
    VERIFY_FULL,
    VERIFY_CA,
    REQUIRE,
    DISABLE;

    public boolean isVerified() {
      return this == VERIFY_FULL || this == VERIFY_CA;
    }
  }

  /** Certificates of authorities, one or more, in PEM. */
  public sealed interface Ca {
    /** Those that Java trusts. */
    record None() implements Ca {}

    record Text(String pem) implements Ca {}

    /** Fetched when the connection is opened; {@code https} or {@code file}. */
    record Url(URI location) implements Ca {}

    /**
     * @param path in the driver's file system
     */
    record File(String path) implements Ca {}
  }

  /**
   * An SSH server that passes the connection on (RFC 4254 section 7, "direct-tcpip").
   *
   * @param password empty: there is a key
   * @param key empty: there is a password
   */
  public record Tunnel(
      String host,
      int port,
      String user,
      Optional<Secret> password,
      Optional<Key> key,
      HostKey hostKey) {}

  /**
   * @param passphrase empty: the key is not encrypted
   */
  public record Key(Secret privateKey, Optional<Secret> passphrase) {}

  /** What the SSH server has to prove to be; nothing is trusted on first use. */
  public sealed interface HostKey {
    /**
     * @param path of a known_hosts file (OpenSSH's sshd(8)) in the driver's file system
     */
    record KnownHosts(String path) implements HostKey {}

    /** Lines of such a file that were read already. */
    record KnownLines(List<String> lines) implements HostKey {}

    /**
     * @param sha256 {@code SHA256:} and 43 characters of base64, as {@code ssh-keygen -l} shows it
     */
    record Fingerprint(String sha256) implements HostKey {}
  }
}
