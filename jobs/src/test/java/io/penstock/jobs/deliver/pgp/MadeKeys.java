package io.penstock.jobs.deliver.pgp;

import java.io.IOException;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;

/** Keys for tests that are not about keys, new ones each time, in armor. */
public final class MadeKeys {
  private MadeKeys() {}

  /** The public key of a receiver. */
  public static String receiver() throws PGPException, IOException {
    return KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).encryptionSubkey().armored();
  }

  /** The private key of a signer. */
  public static String signer(String passphrase) throws PGPException, IOException {
    KeyMaker signer =
        KeyMaker.primary(
            4,
            PGPKeyPairGenerator::generateLegacyEd25519KeyPair,
            KeyMaker.flags(KeyMaker.CERTIFY),
            passphrase);
    return KeyMaker.armored(signer.secret().getEncoded());
  }
}
