package io.penstock.jobs.deliver.pgp;

import io.penstock.common.config.ConfigProblem;
import io.penstock.common.config.PgpConfig;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.bc.BcPGPPublicKeyRing;
import org.jspecify.annotations.Nullable;

/**
 * How the files of a delivery are encrypted, with every key examined and resolved: the form in
 * which keys cross to an executor. Its text shows the receiver's fingerprint and nothing of a
 * secret.
 */
public final class PgpEncryption implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A file name has one byte for its length; RFC 9580 section 5.9. */
  private static final int LONGEST_NAME = 255;

  private final byte[] receiver;
  private final byte[] key;
  private final String fingerprint;
  private final MessageForm form;
  private final boolean armor;
  private final byte @Nullable [] signer;
  private final Instant now;

  private PgpEncryption(
      KeyChoice.Chosen receiver,
      PGPPublicKeyRing ring,
      boolean armor,
      byte @Nullable [] signer,
      Instant now)
      throws IOException {
    this.receiver = ring.getEncoded();
    this.key = receiver.key().getFingerprint();
    this.fingerprint = KeyChoice.fingerprint(receiver.primary());
    this.form = MessageForm.of(receiver);
    this.armor = armor;
    this.signer = signer;
    this.now = now;
  }

  /**
   * Resolves and examines the keys, and encrypts nothing for a trial.
   *
   * @param now of the run: no key may have expired by then; files bear it as their time
   * @throws PenstockException {@code PGP_KEY_REFUSED} naming the key of the job file and why it
   *     cannot be used, {@code SECRET_UNRESOLVED}
   */
  public static PgpEncryption of(PgpConfig config, SecretResolver secrets, Instant now) {
    byte[] signer =
        config
            .signing()
            .map(signing -> examined(signing.privateKey(), () -> signer(signing, secrets, now)))
            .orElse(null);
    return examined(config.publicKey(), () -> encryption(config, secrets, signer, now));
  }

  /**
   * What is wrong with the keys that the job file holds itself; other keys are not resolved.
   *
   * @param now no key may have expired by then
   */
  public static List<ConfigProblem> problems(PgpConfig config, Instant now) {
    List<ConfigProblem> problems = new ArrayList<>();
    if (config.publicKey().secret() instanceof Secret.Literal) {
      problem(config.publicKey(), () -> encryption(config, PgpEncryption::literal, null, now))
          .ifPresent(problems::add);
    }
    config
        .signing()
        .filter(signing -> signing.privateKey().secret() instanceof Secret.Literal)
        .flatMap(signing -> problem(signing.privateKey(), () -> examineSigner(signing, now)))
        .ifPresent(problems::add);
    return List.copyOf(problems);
  }

  private static byte[] examineSigner(PgpConfig.Signing signing, Instant now)
      throws KeyRefusedException {
    boolean inline = signing.passphrase().filter(p -> !(p instanceof Secret.Literal)).isEmpty();
    return inline
        ? signer(signing, PgpEncryption::literal, now)
        : SigningKey.choose(secretRing(signing, PgpEncryption::literal), now).getFingerprint();
  }

  private static String literal(Secret secret) {
    return ((Secret.Literal) secret).value();
  }

  @FunctionalInterface
  private interface Examination<T> {
    T examine() throws KeyRefusedException;
  }

  private static <T> T examined(PgpConfig.Key key, Examination<T> examination) {
    try {
      return examination.examine();
    } catch (KeyRefusedException e) {
      throw PenstockException.of(
          ErrorCode.PGP_KEY_REFUSED,
          "the key " + key.path() + " cannot be used",
          e.reason(),
          e.remedy());
    }
  }

  private static Optional<ConfigProblem> problem(PgpConfig.Key key, Examination<?> examination) {
    try {
      examined(key, examination);
      return Optional.empty();
    } catch (PenstockException e) {
      return Optional.of(key.problem(e));
    }
  }

  private static PgpEncryption encryption(
      PgpConfig config, SecretResolver secrets, byte @Nullable [] signer, Instant now)
      throws KeyRefusedException {
    PGPPublicKeyRing ring = KeyFile.publicKey(secrets.resolveBytes(config.publicKey().secret()));
    if (config.fingerprint().isPresent()) {
      FingerprintPin.check(config.fingerprint().get(), ring);
    }
    KeyChoice.Chosen chosen = new KeyChoice(ring, KeyUse.ENCRYPT, any -> true, now).choose();
    try {
      PgpEncryption encryption = new PgpEncryption(chosen, ring, config.armor(), signer, now);
      encryption.open(OutputStream.nullOutputStream(), "").finish();
      return encryption;
    } catch (IOException | RuntimeException e) {
      throw new KeyRefusedException(
          "nothing can be encrypted to it: its curve or algorithm is not supported",
          "ask the receiver for a key of RSA 3072 or of Curve25519");
    }
  }

  private static byte[] signer(PgpConfig.Signing signing, SecretResolver secrets, Instant now)
      throws KeyRefusedException {
    PGPSecretKey chosen = SigningKey.choose(secretRing(signing, secrets), now);
    return SigningKey.unlocked(chosen, signing.passphrase().map(secrets::resolve).orElse(null));
  }

  private static PGPSecretKeyRing secretRing(PgpConfig.Signing signing, SecretResolver secrets)
      throws KeyRefusedException {
    return KeyFile.secretKey(secrets.resolveBytes(signing.privateKey().secret()));
  }

  /** Of the receiver's primary key, in upper-case hexadecimal digits. */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * Begins a message.
   *
   * @param below where it goes; left open by {@link PgpOutput#finish} and {@link PgpOutput#close}
   * @param fileName what the receiver's tool may call the decrypted file; longer names are cut
   */
  public PgpOutput open(OutputStream below, String fileName) throws IOException {
    try {
      PGPPublicKey encryptionKey = new BcPGPPublicKeyRing(receiver).getPublicKey(key);
      return new PgpOutput(
          below,
          encryptionKey,
          form,
          armor,
          signer == null ? null : SigningKey.read(signer),
          new PgpOutput.Content(name(fileName), now));
    } catch (PGPException e) {
      throw new IOException("OpenPGP encryption failed", e);
    }
  }

  /** Not cut within a character. */
  private static String name(String fileName) {
    String name = fileName;
    while (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name;
  }

  @Override
  public String toString() {
    return "OpenPGP " + form + " to " + fingerprint + (signer == null ? "" : ", signed");
  }
}
