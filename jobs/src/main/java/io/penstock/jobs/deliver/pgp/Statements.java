package io.penstock.jobs.deliver.pgp;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.bcpg.sig.Features;
import org.bouncycastle.bcpg.sig.KeyExpirationTime;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.bcpg.sig.PreferredAEADCiphersuites;
import org.bouncycastle.bcpg.sig.PreferredAlgorithms;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;

/**
 * What verified self-signatures say of a key: the hashed subpackets of RFC 9580 section 5.2.3.
 *
 * @param signatures of which the first that says something about a matter counts
 */
record Statements(List<PGPSignatureSubpacketVector> signatures) {

  private <T> Optional<T> first(int tag, Class<T> type) {
    for (PGPSignatureSubpacketVector hashed : signatures) {
      SignatureSubpacket subpacket = hashed.getSubpacket(tag);
      if (subpacket != null) {
        return type.isInstance(subpacket) ? Optional.of(type.cast(subpacket)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** What the key may be used for; empty: whatever its algorithm can do. */
  Optional<Integer> flags() {
    return first(SignatureSubpacketTags.KEY_FLAGS, KeyFlags.class).map(KeyFlags::getFlags);
  }

  /** When the key stops being valid; empty: never. */
  Optional<Instant> expiry(PGPPublicKey key) {
    return first(SignatureSubpacketTags.KEY_EXPIRE_TIME, KeyExpirationTime.class)
        .map(KeyExpirationTime::getTime)
        .filter(seconds -> seconds != 0)
        .map(seconds -> key.getCreationTime().toInstant().plusSeconds(seconds));
  }

  /** Symmetric algorithms, best first; empty: none are named. */
  Optional<int[]> ciphers() {
    return first(SignatureSubpacketTags.PREFERRED_SYM_ALGS, PreferredAlgorithms.class)
        .map(PreferredAlgorithms::getPreferences);
  }

  boolean hasFeature(byte feature) {
    return first(SignatureSubpacketTags.FEATURES, Features.class)
        .filter(features -> features.supportsFeature(feature))
        .isPresent();
  }

  /** Pairs of a cipher and a mode. */
  Optional<PreferredAEADCiphersuites> cipherSuites() {
    return first(SignatureSubpacketTags.PREFERRED_AEAD_ALGORITHMS, PreferredAEADCiphersuites.class);
  }
}
