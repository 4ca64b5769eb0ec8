package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.Key;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.config.RedshiftConnection.Warehouse;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.secret.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a connection block says, and every combination of its keys that is refused. */
class RedshiftConnectionTest {
  private static final String FINGERPRINT = "SHA256:" + "n".repeat(43);
  private static final String LOGIN = "user = u, password = p";
  private static final String TUNNEL =
      "tunnel { host = bastion, user = t, password = s, host-key-fingerprint = \""
          + FINGERPRINT
          + "\" }";

  /** Made by openssl req -x509 -newkey ed25519 -days 36500 -nodes. */
  private static final String PEM =
      """
      -----BEGIN CERTIFICATE-----
      MIIBNDCB56ADAgECAhRyeDeypMK5TPR9t2MTNgwwUXXF/jAFBgMrZXAwDzENMAsG
      A1UEAwwEdGVzdDAgFw0yNjExMjExNDAwMDZaGA8yMTI2MTAyODE0MDAwNlowDzEN
      MAsGA1UEAwwEdGVzdDAqMAUGAytlcAMhAGYujBRZBvEX4wYZbjRBvYV9vv7b0Cy8
      ZxTetA0fmzgYo1MwUTAdBgNVHQ4EFgQUweKALQQmUHwqY7fnYda3LTmEF+owHwYD
      VR0jBBgwFoAUweKALQQmUHwqY7fnYda3LTmEF+owDwYDVR0TAQH/BAUwAwEB/zAF
      BgMrZXADQQB9Xec+0jewwmQ6jpsaNJJXJQgISy+mQJRNBvcA2LRCyrqq3hrWyqAM
      2GqaYnqBTCIxaSRLYp80x9rUtvGfXeoA
      -----END CERTIFICATE-----
      """;

  private static String job(String connection) {
    return """
        job = "profiles"
        sources { a { format = csv, path = "in.csv" } }
        destinations { warehouse {
          type = redshift
          connection { host = w.example.com, database = dev
            %s
          }
          staging { bucket = "acme-staging" }
          table { name = "profiles" }
        } }
        """
        .formatted(connection);
  }

  private static RedshiftConnection read(String connection) {
    JobFile job = JobFiles.parse("job.conf", job(connection), Path.of("/jobs"), Overrides.none());
    return ((RedshiftDestination) job.destinations().get(0)).connection();
  }

  private static List<ConfigProblem> problems(String connection) {
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> read(connection));
    assertThat(refused).as(connection).isNotNull();
    return refused.problems();
  }

  @Test
  void isEncryptedAndFullyVerifiedWhereNothingIsSaid() {
    RedshiftConnection connection = read(LOGIN);

    assertThat(connection.tls()).isEqualTo(new Tls(TlsMode.VERIFY_FULL, new Ca.None()));
    assertThat(connection.login()).isEqualTo(new PasswordLogin("u", new Secret.Literal("p")));
    assertThat(connection.tunnel()).isEmpty();
    assertThat(connection.endpoint()).isEqualTo("w.example.com:5439");
    assertThat(connection.user()).isEqualTo("u");
  }

  @Test
  void goesThroughATunnelWithBothPasswordAndKey() {
    RedshiftConnection connection =
        read(
            LOGIN
                + """

                tunnel {
                  host = bastion.example.com, port = 2222, user = "ec2-user"
                  password { env = SSH_PASSWORD }, private-key { file = "id" }, passphrase = s
                  known-hosts = "known_hosts"
                }
                """);

    assertThat(connection.tunnel())
        .contains(
            new Tunnel(
                "bastion.example.com",
                2222,
                "ec2-user",
                Optional.of(new Secret.Environment("SSH_PASSWORD")),
                Optional.of(
                    new Key(
                        new Secret.SecretFile("/jobs/id"), Optional.of(new Secret.Literal("s")))),
                new HostKey.KnownHosts("/jobs/known_hosts")));
    Tunnel pinned = read(LOGIN + "\n" + TUNNEL).tunnel().orElseThrow();
    assertThat(pinned.port()).isEqualTo(22);
    assertThat(pinned.hostKey()).isEqualTo(new HostKey.Fingerprint(FINGERPRINT));
    assertThat(read(LOGIN + "\n" + TUNNEL.replace("n\"", "n=\"")).tunnel()).contains(pinned);
  }

  @Test
  void signsInThroughIam() {
    assertThat(read("iam { cluster = c, region = eu-west-1 }").login())
        .isEqualTo(
            new IamLogin(
                new Warehouse.Cluster("c"),
                Optional.empty(),
                "eu-west-1",
                null,
                new S3Access.Credentials.DefaultChain()));
    assertThat(
            read("user = loader, iam { cluster = c, region = r, credentials { keys {"
                    + " access-key = AK, secret-key = s } } }")
                .login())
        .isEqualTo(
            new IamLogin(
                new Warehouse.Cluster("c"),
                Optional.of("loader"),
                "r",
                null,
                new S3Access.Credentials.Keys("AK", new Secret.Literal("s"), null)));
    assertThat(
            ((IamLogin)
                    read("iam { workgroup = w, region = r, endpoint = \"http://127.0.0.1:9\" }")
                        .login())
                .endpoint())
        .isEqualTo(URI.create("http://127.0.0.1:9"));
  }

  @Test
  void takesAnAuthorityFromATextAnAddressOrAFile() {
    assertThat(read(LOGIN + ", tls { ca { url = \"https://pki.example.com/ca.pem\" } }").tls())
        .isEqualTo(
            new Tls(TlsMode.VERIFY_FULL, new Ca.Url(URI.create("https://pki.example.com/ca.pem"))));
    assertThat(read(LOGIN + ", tls { mode = verify-ca, ca { file = ca.pem } }").tls())
        .isEqualTo(new Tls(TlsMode.VERIFY_CA, new Ca.File("/jobs/ca.pem")));
    assertThat(read(LOGIN + ", tls { ca { text = \"\"\"" + PEM + "\"\"\" } }").tls().ca())
        .isEqualTo(new Ca.Text(PEM));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          iam { cluster = c, region = r }, password = p | password | CONFIG_CONFLICT
          iam { cluster = c, workgroup = w, region = r } | iam.workgroup | CONFIG_CONFLICT
          iam { region = r } | iam.cluster | CONFIG_MISSING_KEY
          iam { cluster = c } | iam.region | CONFIG_MISSING_KEY
          iam { workgroup = w, region = r }, user = u | user | CONFIG_CONFLICT
          iam { cluster = c, region = r, regoin = r } | iam.regoin | CONFIG_UNKNOWN_KEY
          password = p | user | CONFIG_MISSING_KEY
          user = u | password | CONFIG_MISSING_KEY
          LOGIN, tls { mode = require, ca { file = f } } | tls.ca | CONFIG_CONFLICT
          LOGIN, tls { mode = disable, ca { file = f } } | tls.ca | CONFIG_CONFLICT
          LOGIN, tls { ca = some } | tls.ca | CONFIG_INVALID_VALUE
          LOGIN, tls { ca {} } | tls.ca | CONFIG_INVALID_VALUE
          LOGIN, tls { ca { file = f, text = t } } | tls.ca | CONFIG_INVALID_VALUE
          LOGIN, tls { ca { text = "no certificate" } } | tls.ca.text | CONFIG_INVALID_VALUE
          LOGIN, tls { ca { url = "http://x/ca.pem" } } | tls.ca.url | CONFIG_INVALID_VALUE
          LOGIN, tls { ca { url = "https://u:p@x/ca.pem" } } | tls.ca.url | CONFIG_INVALID_VALUE
          LOGIN, tls { ca { file = "s3://b/ca.pem" } } | tls.ca.file | CONFIG_INVALID_VALUE
          LOGIN, tunnel { host = b, user = t, password = s } | tunnel.host-key-fingerprint | CONFIG_MISSING_KEY
          LOGIN, tunnel { host = b, user = t, password = s, known-hosts = k, host-key-fingerprint = "PIN" } | tunnel.known-hosts | CONFIG_CONFLICT
          LOGIN, tunnel { host = b, user = t, host-key-fingerprint = "PIN" } | tunnel.private-key | CONFIG_MISSING_KEY
          LOGIN, tunnel { host = b, user = t, password = s, passphrase = s, host-key-fingerprint = "PIN" } | tunnel.passphrase | CONFIG_CONFLICT
          LOGIN, tunnel { host = b, password = s, host-key-fingerprint = "PIN" } | tunnel.user | CONFIG_MISSING_KEY
          LOGIN, tunnel { host = "t@b", user = t, password = s, host-key-fingerprint = "PIN" } | tunnel.host | CONFIG_INVALID_VALUE
          LOGIN, tunnel { host = b, port = 0, user = t, password = s, host-key-fingerprint = "PIN" } | tunnel.port | CONFIG_INVALID_VALUE
          LOGIN, tunnel { host = b, user = t, password = s, host-key-fingerprint = "MD5:16:27:ac" } | tunnel.host-key-fingerprint | CONFIG_INVALID_VALUE
          LOGIN, tunnel { host = b, user = t, password = s, known-hosts = "https://x/known" } | tunnel.known-hosts | CONFIG_INVALID_VALUE
          """)
  void refuses(String connection, String key, ErrorCode code) {
    List<ConfigProblem> found =
        problems(connection.replace("LOGIN", LOGIN).replace("PIN", FINGERPRINT));

    assertThat(found).hasSize(1);
    assertThat(found.get(0).path()).isEqualTo("destinations.warehouse.connection." + key);
    assertThat(found.get(0).code()).isEqualTo(code);
    assertThat(found.get(0).remedy()).isNotBlank();
  }
}
