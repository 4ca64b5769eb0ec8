package io.penstock.jobs.redshift;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection arrives on another machine as it was, with nothing left to be looked up there. */
class CarriedConnectionTest {
  private static final SecretResolver SECRETS =
      secret -> "canary of " + ((Secret.Environment) secret).name();

  @TempDir Path folder;

  private static CarriedConnection carried(CarriedConnection connection) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(connection);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (CarriedConnection) in.readObject();
    }
  }

  private static RedshiftConnection connection(Login login, Tls tls, Optional<Tunnel> tunnel) {
    return new RedshiftConnection("h", 5439, "dev", login, tls, tunnel, Optional.of("127.0.0.1:1"));
  }

  @Test
  void bringsPasswordKeysAndKnownHosts() throws Exception {
    Path known = Files.writeString(folder.resolve("known"), "h ssh-ed25519 AAAA\n# two\n");
    Tunnel tunnel =
        new Tunnel(
            "bastion",
            22,
            "t",
            Optional.of(new Secret.Environment("P")),
            Optional.of(
                new Key(new Secret.Environment("K"), Optional.of(new Secret.Environment("F")))),
            new HostKey.KnownHosts(known.toString()));
    RedshiftConnection connection =
        connection(
            new PasswordLogin("u", new Secret.Environment("W")),
            new Tls(TlsMode.VERIFY_FULL, new Ca.None()),
            Optional.of(tunnel));

    CarriedConnection carried = carried(CarriedConnection.of(connection, SECRETS));

    assertThat(carried.connection())
        .isEqualTo(
            connection(
                new PasswordLogin("u", new Secret.Literal("canary of W")),
                connection.tls(),
                Optional.of(
                    new Tunnel(
                        "bastion",
                        22,
                        "t",
                        Optional.of(new Secret.Literal("canary of P")),
                        Optional.of(
                            new Key(
                                new Secret.Literal("canary of K"),
                                Optional.of(new Secret.Literal("canary of F")))),
                        new HostKey.KnownLines(List.of("h ssh-ed25519 AAAA", "# two"))))));
    assertThat(carried.toString()).doesNotContain("canary");
    assertThat(carried.connection().toString()).doesNotContain("canary");
  }

  @Test
  void bringsWhatTemporaryPasswordsAreAskedForWith() throws Exception {
    IamLogin iam =
        new IamLogin(
            new Warehouse.Workgroup("w"),
            Optional.empty(),
            "eu-west-1",
            null,
            new S3Access.Credentials.Keys("AK", new Secret.Environment("S"), null));
    Tunnel pinned =
        new Tunnel(
            "bastion",
            22,
            "t",
            Optional.of(new Secret.Environment("P")),
            Optional.empty(),
            new HostKey.Fingerprint("SHA256:x"));
    RedshiftConnection connection =
        connection(iam, new Tls(TlsMode.REQUIRE, new Ca.None()), Optional.of(pinned));

    RedshiftConnection arrived = carried(CarriedConnection.of(connection, SECRETS)).connection();

    assertThat(arrived.login())
        .isEqualTo(
            new IamLogin(
                iam.warehouse(),
                iam.user(),
                iam.region(),
                null,
                new S3Access.Credentials.Keys("AK", new Secret.Literal("canary of S"), null)));
    assertThat(arrived.tunnel().orElseThrow().hostKey()).isEqualTo(pinned.hostKey());
    assertThat(arrived.endpoint()).isEqualTo("127.0.0.1:1");
  }
}
