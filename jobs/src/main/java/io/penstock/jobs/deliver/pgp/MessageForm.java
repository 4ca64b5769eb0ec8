package io.penstock.jobs.deliver.pgp;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.Features;
import org.bouncycastle.bcpg.sig.PreferredAEADCiphersuites;
import org.bouncycastle.bcpg.sig.PreferredAEADCiphersuites.Combination;

/**
 * How the data of a message are encrypted, as the receiver's key asks for it.
 *
 * @param cipher AES with 128, 192 or 256 bits, by its number in OpenPGP
 */
record MessageForm(Protection protection, int cipher) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Strongest first. */
  private static final List<Integer> CIPHERS =
      List.of(
          SymmetricKeyAlgorithmTags.AES_256,
          SymmetricKeyAlgorithmTags.AES_192,
          SymmetricKeyAlgorithmTags.AES_128);

  /** How changes are found out. */
  enum Protection {
    /** RFC 9580 section 5.13.1, which every OpenPGP of this century reads. */
    MDC,
    /** RFC 9580 section 5.13.2, with OCB, which every reader of it must know. */
    OCB,
    /** The packet that GnuPG 2.3 and later ask for; draft-koch-librepgp section 5.16. */
    LIBREPGP_OCB
  }

  static MessageForm of(KeyChoice.Chosen receiver) {
    Statements said = receiver.statements();
    boolean version6 = receiver.key().getVersion() == PublicKeyPacket.VERSION_6;
    // A session key packet of version 6 has no place for ElGamal (RFC 9580 section 5.1.4).
    boolean elGamal = receiver.key().getAlgorithm() == PublicKeyAlgorithmTags.ELGAMAL_ENCRYPT;
    if ((version6 || said.hasFeature(Features.FEATURE_SEIPD_V2)) && !elGamal) {
      return new MessageForm(Protection.OCB, suiteCipher(said));
    }
    return said.hasFeature(Features.FEATURE_AEAD_ENCRYPTED_DATA)
        ? new MessageForm(Protection.LIBREPGP_OCB, cipher(said))
        : new MessageForm(Protection.MDC, cipher(said));
  }

  /**
   * The strongest AES of those the key names; AES-256 where it names no ciphers, AES-128 where it
   * names only others: every implementation since RFC 4880 has both.
   */
  private static int cipher(Statements said) {
    int[] named = said.ciphers().orElse(new int[] {SymmetricKeyAlgorithmTags.AES_256});
    return CIPHERS.stream()
        .filter(cipher -> Arrays.stream(named).anyMatch(one -> one == cipher))
        .findFirst()
        .orElse(SymmetricKeyAlgorithmTags.AES_128);
  }

  /** AES-128 with OCB need not be named; RFC 9580 section 5.2.3.15. */
  private static int suiteCipher(Statements said) {
    List<Combination> named =
        said.cipherSuites()
            .map(PreferredAEADCiphersuites::getAlgorithms)
            .map(List::of)
            .orElse(List.of());
    return CIPHERS.stream()
        .filter(cipher -> named.contains(new Combination(cipher, AEADAlgorithmTags.OCB)))
        .findFirst()
        .orElse(SymmetricKeyAlgorithmTags.AES_128);
  }

  int keyBytes() {
    return switch (cipher) {
      case SymmetricKeyAlgorithmTags.AES_256 -> 32;
      case SymmetricKeyAlgorithmTags.AES_192 -> 24;
      default -> 16;
    };
  }

  @Override
  public String toString() {
    return "AES-" + 8 * keyBytes() + (protection == Protection.MDC ? " with MDC" : " with OCB");
  }
}
