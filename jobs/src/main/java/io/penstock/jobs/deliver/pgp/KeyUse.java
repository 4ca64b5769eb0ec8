package io.penstock.jobs.deliver.pgp;

import java.util.Map;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;

/**
 * What a key is wanted for.
 *
 * @param algorithms that can do it, each with the least strength in bits that counts as safe; 0:
 *     every key of the algorithm is. 2048 bits: NIST SP 800-131A section 6.
 */
record KeyUse(String verb, int flags, Map<Integer, Integer> algorithms) {
  private static final int LEAST = 2048;

  /** To communications or to storage: senders have no cause to tell them apart. */
  static final KeyUse ENCRYPT =
      new KeyUse(
          "encrypt",
          KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE,
          Map.of(
              PublicKeyAlgorithmTags.RSA_GENERAL,
              LEAST,
              PublicKeyAlgorithmTags.RSA_ENCRYPT,
              LEAST,
              PublicKeyAlgorithmTags.ELGAMAL_ENCRYPT,
              LEAST,
              PublicKeyAlgorithmTags.ECDH,
              0,
              PublicKeyAlgorithmTags.X25519,
              0,
              PublicKeyAlgorithmTags.X448,
              0));

  static final KeyUse SIGN =
      new KeyUse(
          "sign",
          KeyFlags.SIGN_DATA,
          Map.of(
              PublicKeyAlgorithmTags.RSA_GENERAL, LEAST,
              PublicKeyAlgorithmTags.RSA_SIGN, LEAST,
              PublicKeyAlgorithmTags.DSA, LEAST,
              PublicKeyAlgorithmTags.ECDSA, 0,
              PublicKeyAlgorithmTags.EDDSA_LEGACY, 0,
              PublicKeyAlgorithmTags.Ed25519, 0,
              PublicKeyAlgorithmTags.Ed448, 0));
}
