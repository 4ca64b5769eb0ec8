package io.penstock.jobs.deliver.pgp;

import io.penstock.jobs.deliver.pgp.MessageForm.Protection;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.operator.PGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;
import org.bouncycastle.openpgp.operator.jcajce.JcePGPDataEncryptorBuilder;
import org.jspecify.annotations.Nullable;

/**
 * One encrypted message (RFC 9580 section 10.3), as long as what is written to it; it holds a few
 * hundred kilobytes, whatever the length.
 */
public final class PgpOutput extends OutputStream {
  /** Of the parts that packets of unknown length are written in; RFC 9580 section 4.2.1.4. */
  private static final int PART = 1 << 16;

  private final @Nullable ArmoredOutputStream armored;
  private final OutputStream encrypted;
  private final @Nullable PGPSignatureGenerator signature;
  private final OutputStream literal;

  /**
   * The inside of the message.
   *
   * @param fileName at most 255 bytes in UTF-8
   * @param modified when the file was made
   */
  record Content(String fileName, Instant modified) {}

  PgpOutput(
      OutputStream below,
      PGPPublicKey receiver,
      MessageForm form,
      boolean armor,
      @Nullable SigningKey signer,
      Content content)
      throws IOException {
    // A checksum is of use to readers older than RFC 9580; those of OCB are not.
    this.armored =
        armor
            ? ArmoredOutputStream.builder()
                .clearHeaders()
                .enableCRC(form.protection() == Protection.MDC)
                .build(below)
            : null;
    try {
      this.encrypted = encryption(receiver, form).open(armored == null ? below : armored, part());
      this.signature = signer == null ? null : signer.begin(encrypted);
      this.literal =
          new PGPLiteralDataGenerator()
              .open(
                  encrypted,
                  PGPLiteralData.BINARY,
                  content.fileName(),
                  Date.from(content.modified()),
                  part());
    } catch (PGPException e) {
      throw failed(e);
    }
  }

  private static byte[] part() {
    return new byte[PART];
  }

  private static PGPEncryptedDataGenerator encryption(PGPPublicKey receiver, MessageForm form)
      throws IOException {
    PGPEncryptedDataGenerator encryption = new PGPEncryptedDataGenerator(cipher(form));
    encryption.addMethod(
        new BcPublicKeyKeyEncryptionMethodGenerator(receiver).setSecureRandom(new SecureRandom()));
    return encryption;
  }

  private static PGPDataEncryptorBuilder cipher(MessageForm form) throws IOException {
    if (form.protection() != Protection.MDC) {
      return new OcbEncryption(form);
    }
    try {
      return new JcePGPDataEncryptorBuilder(form.cipher())
          .setProvider(JdkAes.provider())
          .setWithIntegrityPacket(true);
    } catch (GeneralSecurityException e) {
      throw failed(e);
    }
  }

  /** The message of the exception stays out: it is of no use to a user. */
  private static IOException failed(Exception e) {
    return new IOException("OpenPGP encryption failed", e);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (signature != null) {
      signature.update(bytes, offset, length);
    }
    literal.write(bytes, offset, length);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** Ends the message; the stream below stays open. */
  public void finish() throws IOException {
    literal.close();
    if (signature != null) {
      try {
        signature.generate().encode(encrypted);
      } catch (PGPException e) {
        throw failed(e);
      }
    }
    encrypted.close();
    if (armored != null) {
      armored.close();
    }
  }

  /** Writes nothing, so that what was not finished cannot be taken for a whole message. */
  @Override
  public void close() {}
}
