package io.penstock.jobs.deliver.pgp;

import io.penstock.common.config.PgpConfig;
import io.penstock.common.config.Place;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.util.Optional;

/** A {@code pgp} block whose keys are written into it. */
final class Configs {
  static final SecretResolver INLINE = secret -> ((Secret.Literal) secret).value();

  private static final String BLOCK = "destinations.files.pgp.";

  private Configs() {}

  static PgpConfig of(String publicKey) {
    return of(publicKey, Optional.empty(), false);
  }

  static PgpConfig of(String publicKey, Optional<String> fingerprint, boolean armor) {
    return new PgpConfig(key(publicKey, "public-key"), fingerprint, armor, Optional.empty());
  }

  static PgpConfig signed(String publicKey, String privateKey, String passphrase) {
    return new PgpConfig(
        key(publicKey, "public-key"),
        Optional.empty(),
        false,
        Optional.of(
            new PgpConfig.Signing(
                key(privateKey, "sign.private-key"),
                passphrase.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Secret.Literal(passphrase)))));
  }

  private static PgpConfig.Key key(String text, String path) {
    return new PgpConfig.Key(new Secret.Literal(text), BLOCK + path, new Place("job.conf", 7, 5));
  }
}
