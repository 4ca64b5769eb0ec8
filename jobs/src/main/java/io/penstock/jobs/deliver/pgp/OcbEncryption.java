package io.penstock.jobs.deliver.pgp;

import io.penstock.jobs.deliver.pgp.MessageForm.Protection;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.bcpg.AEADEncDataPacket;
import org.bouncycastle.bcpg.SymmetricEncIntegrityPacket;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.operator.PGPAEADDataEncryptor;
import org.bouncycastle.openpgp.operator.PGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.PGPDigestCalculator;
import org.jspecify.annotations.Nullable;

/** Puts {@link Ocb} into the packets of RFC 9580 and of LibrePGP, which Bouncy Castle writes. */
final class OcbEncryption implements PGPDataEncryptorBuilder {
  /** Chunks of 2^(10+6) bytes: small enough to hold, large enough that their tags do not count. */
  static final int CHUNK_OCTET = 10;

  /** How much of the nonce is the number of the chunk; RFC 9580 section 5.13.2. */
  static final int INDEX = Long.BYTES;

  private final MessageForm form;
  private final SecureRandom random = new SecureRandom();

  OcbEncryption(MessageForm form) {
    this.form = form;
  }

  @Override
  public int getAlgorithm() {
    return form.cipher();
  }

  @Override
  public int getAeadAlgorithm() {
    return AEADAlgorithmTags.OCB;
  }

  @Override
  public int getChunkSize() {
    return CHUNK_OCTET;
  }

  @Override
  public boolean isV5StyleAEAD() {
    return form.protection() == Protection.LIBREPGP_OCB;
  }

  @Override
  public SecureRandom getSecureRandom() {
    return random;
  }

  /** LibrePGP: the session key is the key, and the nonce is random. */
  @Override
  public PGPAEADDataEncryptor build(byte[] sessionKey) throws PGPException {
    byte[] nonce = new byte[Ocb.NONCE];
    random.nextBytes(nonce);
    byte[] header =
        AEADEncDataPacket.createAAData(
            AEADEncDataPacket.VERSION_1, form.cipher(), AEADAlgorithmTags.OCB, CHUNK_OCTET);
    return new Encryptor(sessionKey, nonce, header);
  }

  /** RFC 9580: key and nonce are derived from the session key and the salt. */
  @Override
  public PGPAEADDataEncryptor build(byte[] sessionKey, byte[] salt) throws PGPException {
    byte[] header =
        SymmetricEncIntegrityPacket.createAAData(
            SymmetricEncIntegrityPacket.VERSION_2,
            form.cipher(),
            AEADAlgorithmTags.OCB,
            CHUNK_OCTET);
    HKDFBytesGenerator derivation = new HKDFBytesGenerator(new SHA256Digest());
    derivation.init(new HKDFParameters(sessionKey, salt, header));
    byte[] derived = new byte[form.keyBytes() + Ocb.NONCE - INDEX];
    derivation.generateBytes(derived, 0, derived.length);
    byte[] key = Arrays.copyOf(derived, form.keyBytes());
    byte[] start = Arrays.copyOfRange(derived, form.keyBytes(), derived.length);
    return new Encryptor(key, Arrays.copyOf(start, Ocb.NONCE), header);
  }

  private final class Encryptor implements PGPAEADDataEncryptor {
    private final Ocb ocb;
    private final byte[] nonce;
    private final byte[] header;

    Encryptor(byte[] key, byte[] nonce, byte[] header) throws PGPException {
      try {
        this.ocb = new Ocb(key);
      } catch (GeneralSecurityException e) {
        throw new PGPException("AES is not available", e);
      }
      this.nonce = nonce;
      this.header = header;
    }

    @Override
    public OutputStream getOutputStream(OutputStream out) {
      return new OcbChunks(out, ocb, nonce, header, isV5StyleAEAD());
    }

    @Override
    public int getAEADAlgorithm() {
      return AEADAlgorithmTags.OCB;
    }

    @Override
    public int getChunkSize() {
      return CHUNK_OCTET;
    }

    @Override
    public byte[] getIV() {
      return nonce.clone();
    }

    /** None: every chunk has its tag. Bouncy Castle expects null. */
    @Override
    public @Nullable PGPDigestCalculator getIntegrityCalculator() {
      return null;
    }

    @Override
    public int getBlockSize() {
      return Ocb.BLOCK;
    }
  }

  private IllegalStateException fixed() {
    return new IllegalStateException("the form of the message is decided: " + form);
  }

  @Override
  public PGPDataEncryptorBuilder setWithIntegrityPacket(boolean withIntegrityPacket) {
    throw fixed();
  }

  @Override
  public PGPDataEncryptorBuilder setWithAEAD(int aeadAlgorithm, int chunkSize) {
    throw fixed();
  }

  @Override
  public PGPDataEncryptorBuilder setUseV5AEAD() {
    throw fixed();
  }

  @Override
  public PGPDataEncryptorBuilder setUseV6AEAD() {
    throw fixed();
  }
}
