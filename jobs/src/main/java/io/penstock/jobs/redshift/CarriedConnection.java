package io.penstock.jobs.redshift;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.Key;
import io.penstock.common.config.RedshiftConnection.Login;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.config.RedshiftConnection.Warehouse;
import io.penstock.common.config.S3Access;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.aws.S3Clients;
import io.penstock.jobs.tunnel.SshTunnels;
import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection with everything that it refers to resolved on the driver: secrets, certificates, the
 * known hosts. The form in which it may cross to an executor; its {@code toString} shows none of
 * the secrets. Temporary logins are not carried: each executor asks for its own, which it can
 * renew.
 *
 * @param override empty text: none
 * @param pem of the authorities; null: those that Java trusts
 * @param passage null: the database is reached directly
 */
public record CarriedConnection(
    String host,
    int port,
    String database,
    String override,
    Entry entry,
    TlsMode tlsMode,
    @Nullable String pem,
    @Nullable Passage passage)
    implements Serializable {

  /** Who signs in. */
  sealed interface Entry extends Serializable {
    record Password(String user, Secret password) implements Entry {}

    /**
     * @param cluster false: it names a workgroup
     * @param user empty text: whom AWS names
     */
    record Iam(
        String warehouse,
        boolean cluster,
        String user,
        String region,
        @Nullable URI endpoint,
        S3Access.Credentials credentials)
        implements Entry {}
  }

  /**
   * An SSH tunnel.
   *
   * @param fingerprint null: the known hosts decide
   */
  record Passage(
      String host,
      int port,
      String user,
      @Nullable Secret password,
      @Nullable Secret privateKey,
      @Nullable Secret passphrase,
      @Nullable String fingerprint,
      List<String> knownHosts)
      implements Serializable {}

  /**
   * @throws io.penstock.common.error.PenstockException {@code SECRET_UNRESOLVED}, or {@code
   *     LOAD_CONNECTION} where a file that the connection names cannot be read
   */
  public static CarriedConnection of(RedshiftConnection connection, SecretResolver secrets) {
    Ca ca = CaCertificates.resolved(connection.tls().ca());
    return new CarriedConnection(
        connection.host(),
        connection.port(),
        connection.database(),
        connection.endpointOverride().orElse(""),
        entry(connection.login(), secrets),
        connection.tls().mode(),
        ca instanceof Ca.Text text ? text.pem() : null,
        connection
            .tunnel()
            .map(tunnel -> passage(SshTunnels.resolved(tunnel, secrets)))
            .orElse(null));
  }

  private static Entry entry(Login login, SecretResolver secrets) {
    if (login instanceof PasswordLogin own) {
      return new Entry.Password(own.name(), new Secret.Literal(secrets.resolve(own.password())));
    }
    IamLogin iam = (IamLogin) login;
    return new Entry.Iam(
        iam.warehouse().name(),
        iam.warehouse() instanceof Warehouse.Cluster,
        iam.user().orElse(""),
        iam.region(),
        iam.endpoint(),
        S3Clients.resolved(iam.credentials(), secrets));
  }

  private static Passage passage(Tunnel tunnel) {
    return new Passage(
        tunnel.host(),
        tunnel.port(),
        tunnel.user(),
        tunnel.password().orElse(null),
        tunnel.key().map(Key::privateKey).orElse(null),
        tunnel.key().flatMap(Key::passphrase).orElse(null),
        tunnel.hostKey() instanceof HostKey.Fingerprint pinned ? pinned.sha256() : null,
        tunnel.hostKey() instanceof HostKey.KnownLines known
            ? List.copyOf(known.lines())
            : List.of());
  }

  /** The connection; it refers to nothing outside of itself. */
  public RedshiftConnection connection() {
    return new RedshiftConnection(
        host,
        port,
        database,
        login(),
        new Tls(tlsMode, pem == null ? new Ca.None() : new Ca.Text(pem)),
        Optional.ofNullable(passage).map(CarriedConnection::tunnel),
        Optional.of(override).filter(text -> !text.isEmpty()));
  }

  private Login login() {
    if (entry instanceof Entry.Password own) {
      return new PasswordLogin(own.user(), own.password());
    }
    Entry.Iam iam = (Entry.Iam) entry;
    return new IamLogin(
        iam.cluster()
            ? new Warehouse.Cluster(iam.warehouse())
            : new Warehouse.Workgroup(iam.warehouse()),
        Optional.of(iam.user()).filter(user -> !user.isEmpty()),
        iam.region(),
        iam.endpoint(),
        iam.credentials());
  }

  private static Tunnel tunnel(Passage passage) {
    Secret key = passage.privateKey();
    return new Tunnel(
        passage.host(),
        passage.port(),
        passage.user(),
        Optional.ofNullable(passage.password()),
        key == null
            ? Optional.empty()
            : Optional.of(new Key(key, Optional.ofNullable(passage.passphrase()))),
        passage.fingerprint() == null
            ? new HostKey.KnownLines(passage.knownHosts())
            : new HostKey.Fingerprint(passage.fingerprint()));
  }

  /** Opens connections where it was carried to. */
  public Database database(String whose) {
    return new Database(
        connection(),
        whose,
        secret -> {
          if (secret instanceof Secret.Literal literal) {
            return literal.value();
          }
          throw new IllegalStateException("the secret " + secret + " was not resolved");
        });
  }
}
