package io.penstock.jobs.deliver.pgp;

import java.io.IOException;
import java.io.InputStream;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPOnePassSignature;
import org.bouncycastle.openpgp.PGPOnePassSignatureList;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Bouncy Castle's reader, which also knows what gpg 2.2 does not: OCB, and keys of version 6.
 *
 * @param cipher of the session key, by its number in OpenPGP
 * @param signed whether a signature by the expected key was good
 */
record Receiver(byte[] data, PGPLiteralData literal, int cipher, boolean signed) {

  static Receiver read(byte[] message, PGPSecretKeyRing ring, @Nullable PGPPublicKey sender)
      throws IOException, PGPException {
    InputStream packets = PGPUtil.getDecoderStream(new java.io.ByteArrayInputStream(message));
    PGPEncryptedDataList list = (PGPEncryptedDataList) new BcPGPObjectFactory(packets).nextObject();
    PGPPublicKeyEncryptedData encrypted = (PGPPublicKeyEncryptedData) list.get(0);
    BcPublicKeyDataDecryptorFactory key =
        new BcPublicKeyDataDecryptorFactory(
            ring.getSecretKey(encrypted.getKeyIdentifier()).extractPrivateKey(null));
    BcPGPObjectFactory inside = new BcPGPObjectFactory(encrypted.getDataStream(key));
    Object first = inside.nextObject();
    PGPOnePassSignature announced = null;
    if (first instanceof PGPOnePassSignatureList announcements) {
      announced = announcements.get(0);
      announced.init(new BcPGPContentVerifierBuilderProvider(), sender);
      first = inside.nextObject();
    }
    PGPLiteralData literal = (PGPLiteralData) first;
    byte[] data = literal.getInputStream().readAllBytes();
    boolean signed = false;
    if (announced != null) {
      announced.update(data);
      signed = announced.verify(((PGPSignatureList) inside.nextObject()).get(0));
    }
    if (inside.nextObject() != null) {
      throw new IOException("something follows the message");
    }
    if (encrypted.isIntegrityProtected() && !encrypted.isAEAD() && !encrypted.verify()) {
      throw new IOException("the message was changed");
    }
    return new Receiver(data, literal, encrypted.getSessionKey(key).getAlgorithm(), signed);
  }
}
