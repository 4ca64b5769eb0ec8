package io.penstock.jobs.deliver.pgp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PBESecretKeyDecryptor;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.jspecify.annotations.Nullable;

/** An unlocked key that signs. Nothing of it is ever in a message or a text. */
final class SigningKey {
  private final PGPPublicKey key;
  private final PGPPrivateKey unlocked;

  private SigningKey(PGPPublicKey key, PGPPrivateKey unlocked) {
    this.key = key;
    this.unlocked = unlocked;
  }

  /** The key of a ring that signs at an instant, still locked. */
  static PGPSecretKey choose(PGPSecretKeyRing ring, Instant now) throws KeyRefusedException {
    List<PGPPublicKey> keys = new ArrayList<>();
    ring.getPublicKeys().forEachRemaining(key -> keys.add(key));
    PGPPublicKey chosen =
        new KeyChoice(
                new PGPPublicKeyRing(keys),
                KeyUse.SIGN,
                key -> isThere(ring.getSecretKey(key.getKeyIdentifier())),
                now)
            .choose()
            .key();
    return ring.getSecretKey(chosen.getKeyIdentifier());
  }

  /** A key ring may stand in for parts that are kept elsewhere. */
  private static boolean isThere(@Nullable PGPSecretKey secret) {
    return secret != null && !secret.isPrivateKeyEmpty();
  }

  /**
   * The key without its lock, as {@link #read} takes it.
   *
   * @param passphrase null: none was given
   */
  static byte[] unlocked(PGPSecretKey secret, @Nullable String passphrase)
      throws KeyRefusedException {
    boolean locked = secret.getKeyEncryptionAlgorithm() != SymmetricKeyAlgorithmTags.NULL;
    if (locked && passphrase == null) {
      throw new KeyRefusedException(
          "it is locked by a passphrase", "write sign.passphrase beside sign.private-key");
    }
    PBESecretKeyDecryptor decryptor =
        new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
            .build(passphrase == null ? new char[0] : passphrase.toCharArray());
    try {
      return PGPSecretKey.copyWithNewPassword(secret, decryptor, null).getEncoded();
    } catch (PGPException | IOException | RuntimeException e) {
      // The exception is not kept: nobody knows what it says of the passphrase.
      throw new KeyRefusedException(
          "its passphrase does not open it", "check sign.passphrase and sign.private-key");
    }
  }

  static SigningKey read(byte[] unlocked) throws IOException, PGPException {
    PGPSecretKey secret =
        new PGPSecretKeyRing(unlocked, new BcKeyFingerprintCalculator()).getSecretKeys().next();
    PGPPrivateKey privateKey = secret.extractPrivateKey(null);
    return new SigningKey(secret.getPublicKey(), privateKey);
  }

  /** Writes what announces a signature (RFC 9580 section 5.4) and begins it. */
  PGPSignatureGenerator begin(OutputStream out) throws IOException, PGPException {
    PGPSignatureGenerator signature =
        new PGPSignatureGenerator(
            new BcPGPContentSignerBuilder(key.getAlgorithm(), HashAlgorithmTags.SHA512), key);
    signature.init(PGPSignature.BINARY_DOCUMENT, unlocked);
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setIssuerFingerprint(false, key);
    signature.setHashedSubpackets(hashed.generate());
    signature.generateOnePassVersion(false).encode(out);
    return signature;
  }
}
