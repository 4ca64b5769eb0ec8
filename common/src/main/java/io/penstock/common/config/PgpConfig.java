package io.penstock.common.config;

import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import java.util.Optional;

/**
 * How delivered files are encrypted by OpenPGP; CONTRACT section 4.
 *
 * @param publicKey of the receiver, armoured or binary
 * @param fingerprint of the receiver's primary key, 40 or 64 upper-case hexadecimal digits; empty:
 *     not pinned
 * @param armor files are text instead of bytes
 * @param signing empty: files are not signed
 */
public record PgpConfig(
    Key publicKey, Optional<String> fingerprint, boolean armor, Optional<Signing> signing) {

  /**
   * A key of the job file whose value is an OpenPGP key.
   *
   * @param path of the key in the job file, with dots
   */
  public record Key(Secret secret, String path, Place place) {

    /** Why the key was refused, as a problem of the job file. */
    public ConfigProblem problem(PenstockException refused) {
      return new ConfigProblem(
          refused.code(),
          place.file(),
          place.line(),
          place.column(),
          path,
          "cannot be used: " + refused.reason(),
          refused.remedy());
    }
  }

  /**
   * Signs what is encrypted.
   *
   * @param passphrase of the private key; empty: it has none
   */
  public record Signing(Key privateKey, Optional<Secret> passphrase) {}

  /** What the default name of an encrypted file ends with. */
  public String extension() {
    return armor ? ".asc" : ".pgp";
  }
}
