package io.penstock.jobs.redshift;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.Key;
import io.penstock.common.config.RedshiftConnection.Login;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.testing.SandboxProcess;
import java.sql.SQLException;
import java.util.Optional;

/** A connection to the sandbox whose parts a test changes one at a time; all of them are right. */
final class WayIn {
  static final SecretResolver SECRETS =
      secret -> {
        if (secret instanceof Secret.Literal literal) {
          return literal.value();
        }
        throw new IllegalStateException("only literals here");
      };

  private final SandboxProcess sandbox;
  private String host;
  private Tls tls;
  private Login login;
  private Optional<String> override = Optional.empty();
  private String sshHost;
  private int sshPort;
  private String sshUser;
  private Optional<Secret> sshPassword;
  private Optional<Key> key = Optional.empty();
  private HostKey hostKey;
  private boolean tunnelled = true;

  WayIn(SandboxProcess sandbox) {
    this.sandbox = sandbox;
    SandboxProcess.Redshift redshift = sandbox.redshift();
    SandboxProcess.Ssh ssh = sandbox.ssh();
    this.host = sandbox.certificateHost();
    this.tls = new Tls(TlsMode.VERIFY_FULL, new Ca.File(String.valueOf(redshift.ca())));
    this.login = new PasswordLogin(redshift.user(), new Secret.Literal(redshift.password()));
    this.sshHost = ssh.host();
    this.sshPort = ssh.port();
    this.sshUser = ssh.user();
    this.sshPassword = Optional.of(new Secret.Literal(ssh.password()));
    this.hostKey = new HostKey.Fingerprint(ssh.fingerprints().get(0));
  }

  WayIn host(String changed) {
    host = changed;
    return this;
  }

  /** The database is at 127.0.0.1, whatever its host is called. */
  WayIn overridden() {
    override = Optional.of("127.0.0.1:" + sandbox.redshift().port());
    return this;
  }

  WayIn override(String changed) {
    override = Optional.of(changed);
    return this;
  }

  WayIn tls(TlsMode mode, Ca ca) {
    tls = new Tls(mode, ca);
    return this;
  }

  WayIn login(Login changed) {
    login = changed;
    return this;
  }

  WayIn ssh(String changedHost, int changedPort) {
    sshHost = changedHost;
    sshPort = changedPort;
    return this;
  }

  WayIn sshUser(String changed) {
    sshUser = changed;
    return this;
  }

  WayIn sshPassword(String changed) {
    sshPassword = Optional.of(new Secret.Literal(changed));
    return this;
  }

  /** A key instead of the password. */
  WayIn key(String text, Optional<String> passphrase) {
    sshPassword = Optional.empty();
    key = Optional.of(new Key(new Secret.Literal(text), passphrase.map(Secret.Literal::new)));
    return this;
  }

  WayIn hostKey(HostKey changed) {
    hostKey = changed;
    return this;
  }

  WayIn direct() {
    tunnelled = false;
    return this;
  }

  Tunnel tunnel() {
    return new Tunnel(sshHost, sshPort, sshUser, sshPassword, key, hostKey);
  }

  RedshiftConnection connection() {
    return new RedshiftConnection(
        host,
        sandbox.redshift().port(),
        sandbox.redshift().database(),
        login,
        tls,
        tunnelled ? Optional.of(tunnel()) : Optional.empty(),
        override);
  }

  /** Opens a session for one query, and answers what that did. */
  String query(String sql) {
    try (Session session = database().open()) {
      return session.query(SqlStatement.of(sql), row -> row.getString(1)).get(0);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Database database() {
    return new Database(connection(), "destination warehouse", SECRETS);
  }
}
