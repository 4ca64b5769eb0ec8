package io.penstock.jobs.deliver.pgp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PBESecretKeyEncryptor;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPairGeneratorProvider;
import org.jspecify.annotations.Nullable;

/** Makes keys with subpackets that no tool would write. All are made at {@link #MADE}. */
final class KeyMaker {
  static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
  static final int ENCRYPT = KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE;
  static final int CERTIFY = KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA;

  private final PGPKeyPair primary;
  private final PGPKeyRingGenerator generator;

  /** Makes one kind of key pair. */
  @FunctionalInterface
  interface Pair {
    PGPKeyPair make(PGPKeyPairGenerator generator) throws PGPException;
  }

  private KeyMaker(PGPKeyPair primary, PGPKeyRingGenerator generator) {
    this.primary = primary;
    this.generator = generator;
  }

  /**
   * @param said the self-signature of the user ID, of version 4, or of the key, of version 6
   */
  static KeyMaker primary(int version, Pair pair, Consumer<PGPSignatureSubpacketGenerator> said)
      throws PGPException {
    return primary(version, pair, said, null);
  }

  static KeyMaker primary(
      int version,
      Pair pair,
      Consumer<PGPSignatureSubpacketGenerator> said,
      @Nullable String passphrase)
      throws PGPException {
    PGPKeyPair primary = pair(version, pair, MADE);
    PBESecretKeyEncryptor lock =
        passphrase == null
            ? null
            : new BcPBESecretKeyEncryptorBuilder(9).build(passphrase.toCharArray());
    BcPGPContentSignerBuilder signer = signer(primary.getPublicKey());
    PGPKeyRingGenerator generator =
        version == 6
            ? new PGPKeyRingGenerator(
                primary,
                new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
                said(said).generate(),
                null,
                signer,
                lock)
            : new PGPKeyRingGenerator(
                PGPSignature.POSITIVE_CERTIFICATION,
                primary,
                "receiver",
                new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
                said(said).generate(),
                null,
                signer,
                lock);
    return new KeyMaker(primary, generator);
  }

  static KeyMaker curve25519(Consumer<PGPSignatureSubpacketGenerator> said) throws PGPException {
    return primary(4, PGPKeyPairGenerator::generateLegacyEd25519KeyPair, said);
  }

  KeyMaker encryptionSubkey() throws PGPException {
    return subkey(PGPKeyPairGenerator::generateLegacyX25519KeyPair, MADE, flags(ENCRYPT));
  }

  KeyMaker subkey(Pair pair, Instant made, Consumer<PGPSignatureSubpacketGenerator> said)
      throws PGPException {
    generator.addSubKey(
        pair(primary.getPublicKey().getVersion(), pair, made), said(said).generate(), null);
    return this;
  }

  PGPSecretKeyRing secret() {
    return generator.generateSecretKeyRing();
  }

  PGPPublicKeyRing publicRing() {
    return generator.generatePublicKeyRing();
  }

  String armored() throws IOException {
    return armored(publicRing().getEncoded());
  }

  /** A signature by the primary key over itself or over a subkey, put where it belongs. */
  PGPPublicKeyRing signed(PGPPublicKeyRing ring, int type, PGPPublicKey over) throws PGPException {
    PGPSignatureGenerator signature =
        new PGPSignatureGenerator(signer(primary.getPublicKey()), primary.getPublicKey());
    signature.init(type, primary.getPrivateKey());
    PGPSignature made =
        over.isMasterKey()
            ? signature.generateCertification(over)
            : signature.generateCertification(primary.getPublicKey(), over);
    return PGPPublicKeyRing.insertPublicKey(ring, PGPPublicKey.addCertification(over, made));
  }

  static String armored(byte[] packets) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (ArmoredOutputStream out = ArmoredOutputStream.builder().clearHeaders().build(text)) {
      out.write(packets);
    }
    return text.toString(java.nio.charset.StandardCharsets.US_ASCII);
  }

  static Consumer<PGPSignatureSubpacketGenerator> flags(int flags) {
    return said -> said.setKeyFlags(true, flags);
  }

  private static PGPSignatureSubpacketGenerator said(
      Consumer<PGPSignatureSubpacketGenerator> said) {
    PGPSignatureSubpacketGenerator generator = new PGPSignatureSubpacketGenerator();
    said.accept(generator);
    return generator;
  }

  private static BcPGPContentSignerBuilder signer(PGPPublicKey key) {
    return new BcPGPContentSignerBuilder(key.getAlgorithm(), HashAlgorithmTags.SHA512);
  }

  private static PGPKeyPair pair(int version, Pair pair, Instant made) throws PGPException {
    return pair.make(new BcPGPKeyPairGeneratorProvider().get(version, Date.from(made)));
  }
}
