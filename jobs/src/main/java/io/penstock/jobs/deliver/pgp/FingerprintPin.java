package io.penstock.jobs.deliver.pgp;

import java.util.Iterator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;

/** Holds a key to the fingerprint that the receiver gave. */
final class FingerprintPin {
  private FingerprintPin() {}

  /**
   * @param pin upper-case hexadecimal digits, all of them
   */
  static void check(String pin, PGPPublicKeyRing ring) throws KeyRefusedException {
    String actual = KeyChoice.fingerprint(ring.getPublicKey());
    if (actual.equals(pin)) {
      return;
    }
    for (Iterator<PGPPublicKey> keys = ring.getPublicKeys(); keys.hasNext(); ) {
      if (KeyChoice.fingerprint(keys.next()).equals(pin)) {
        throw new KeyRefusedException(
            "pgp.fingerprint is that of one of its subkeys",
            "write that of its primary key, " + actual + ", once its owner has confirmed it");
      }
    }
    throw new KeyRefusedException(
        "its fingerprint is " + actual + ", not pgp.fingerprint",
        "compare both with its owner, over another way than the key came");
  }
}
