package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PgpConfigTest {
  private static final String CANARY = "canary7f3a";

  private static PgpConfig pgp(String block) {
    String text =
        """
        job = "people"
        sources { people { format = csv, path = "people.csv" } }
        destinations { files { type = s3, directory = "out", format = csv
          pgp %s
        } }
        """
            .formatted(block);
    JobFile job = JobFiles.parse("job.conf", text, Path.of("/jobs"), Overrides.none());
    assertThat(job.toString()).doesNotContain(CANARY);
    return ((S3Destination) job.destinations().get(0)).pgp().orElseThrow();
  }

  @Test
  void aPublicKeyIsEnough() {
    PgpConfig config = pgp("{ public-key { file = \"receiver.asc\" } }");

    assertThat(config.publicKey().secret()).isEqualTo(new Secret.SecretFile("/jobs/receiver.asc"));
    assertThat(config.publicKey().path()).isEqualTo("destinations.files.pgp.public-key");
    assertThat(config.fingerprint()).isEmpty();
    assertThat(config.armor()).isFalse();
    assertThat(config.signing()).isEmpty();
    assertThat(config.extension()).isEqualTo(".pgp");
  }

  @Test
  void everyKeyIsRead() {
    PgpConfig config =
        pgp(
            """
            {
              public-key = "%s", armor = true
              fingerprint = "0123 4567 89ab CDEF 0123  4567 89AB CDEF 0123 4567"
              sign { private-key = "%s", passphrase { env = "PASS" } }
            }"""
                .formatted(CANARY, CANARY));

    assertThat(config.publicKey().secret()).isEqualTo(new Secret.Literal(CANARY));
    assertThat(config.fingerprint()).contains("0123456789ABCDEF0123456789ABCDEF01234567");
    assertThat(config.extension()).isEqualTo(".asc");
    PgpConfig.Signing signing = config.signing().orElseThrow();
    assertThat(signing.privateKey().path()).isEqualTo("destinations.files.pgp.sign.private-key");
    assertThat(signing.passphrase()).isEqualTo(Optional.of(new Secret.Environment("PASS")));
  }

  @Test
  void aRefusedKeyIsAProblemAtItsPlace() {
    PgpConfig config = pgp("{ public-key = \"" + CANARY + "\" }");

    ConfigProblem problem =
        config
            .publicKey()
            .problem(
                PenstockException.of(
                    ErrorCode.PGP_KEY_REFUSED, "it cannot be used", "it is red", "paint it"));

    assertThat(problem)
        .hasToString(
            "job.conf:4:9: PGP_KEY_REFUSED destinations.files.pgp.public-key: cannot be used: it is"
                + " red; paint it");
  }
}
