package io.penstock.jobs.deliver.pgp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;

/** Finds the key of a key ring that is to be used, or says why there is none. */
final class KeyChoice {
  private static final String FRESH = "ask its owner for a current export of the key";

  private final PGPPublicKey primary;
  private final List<PGPPublicKey> keys = new ArrayList<>();
  private final KeyUse use;
  private final Instant now;
  private final SelfSignatures signatures;

  /**
   * The chosen key.
   *
   * @param statements about the key, then about the primary key
   */
  record Chosen(PGPPublicKey primary, PGPPublicKey key, Statements statements) {}

  /**
   * @param available keys that may be chosen at all
   * @param now when keys must not have expired. Keys and signatures made after it are no fault: a
   *     run that is tried again keeps its instant, and its key may have been replaced in between.
   */
  KeyChoice(PGPPublicKeyRing ring, KeyUse use, Predicate<PGPPublicKey> available, Instant now) {
    this.primary = ring.getPublicKey();
    this.use = use;
    this.now = now;
    this.signatures = new SelfSignatures(primary, now);
    ring.iterator().forEachRemaining(key -> keys.add(key));
    keys.removeIf(available.negate());
  }

  /** The newest subkey that is valid for the use, or else the primary key itself. */
  Chosen choose() throws KeyRefusedException {
    Statements ofPrimary = examinePrimary();
    List<PGPPublicKey> meant = keys.stream().filter(key -> isMeant(key, ofPrimary)).toList();
    if (meant.isEmpty()) {
      throw new KeyRefusedException(
          "none of its keys is there to " + use.verb(),
          "ask its owner for a key with a subkey that may " + use.verb());
    }
    Comparator<PGPPublicKey> preference =
        Comparator.comparing((PGPPublicKey key) -> key != primary)
            .thenComparing(PGPPublicKey::getCreationTime);
    Optional<PGPPublicKey> chosen =
        meant.stream().filter(key -> flaw(key, ofPrimary).isEmpty()).max(preference);
    if (chosen.isEmpty()) {
      PGPPublicKey best = meant.stream().max(preference).orElseThrow();
      throw new KeyRefusedException(
          "its key "
              + fingerprint(best)
              + " that could "
              + use.verb()
              + " "
              + flaw(best, ofPrimary).orElseThrow(),
          FRESH);
    }
    return new Chosen(primary, chosen.get(), statements(chosen.get(), ofPrimary));
  }

  private Statements examinePrimary() throws KeyRefusedException {
    if (signatures.revokesPrimary()) {
      throw new KeyRefusedException("its owner has revoked it", "ask its owner for the key in use");
    }
    Statements said =
        signatures
            .ofPrimary()
            .orElseThrow(
                () ->
                    new KeyRefusedException(
                        "no valid signature of its own is on it, so nothing shows whose it is",
                        FRESH));
    Optional<String> flaw =
        expired(primary, said).or(() -> unfit(primary, KeyUse.SIGN.algorithms()));
    if (flaw.isPresent()) {
      throw new KeyRefusedException("its primary key " + flaw.get(), FRESH);
    }
    return said;
  }

  private boolean isMeant(PGPPublicKey key, Statements ofPrimary) {
    boolean able =
        use.algorithms().containsKey(key.getAlgorithm())
            || (use == KeyUse.ENCRYPT && key.isEncryptionKey());
    Optional<Statements> said = key == primary ? Optional.of(ofPrimary) : signatures.of(key);
    return able
        && said.flatMap(Statements::flags).map(flags -> (flags & use.flags()) != 0).orElse(true);
  }

  /** What is wrong with a key that is meant for the use, as the end of a sentence about it. */
  private Optional<String> flaw(PGPPublicKey key, Statements ofPrimary) {
    if (key == primary) {
      return unfit(key, use.algorithms());
    }
    if (signatures.revokes(key)) {
      return Optional.of("is revoked");
    }
    Optional<Statements> said = signatures.of(key);
    if (said.isEmpty()) {
      return Optional.of("is not validly signed by the primary key");
    }
    return expired(key, said.get()).or(() -> unfit(key, use.algorithms()));
  }

  private Statements statements(PGPPublicKey key, Statements ofPrimary) {
    List<Statements> said = new ArrayList<>();
    if (key != primary) {
      signatures.of(key).ifPresent(said::add);
    }
    said.add(ofPrimary);
    return new Statements(said.stream().flatMap(one -> one.signatures().stream()).toList());
  }

  private Optional<String> expired(PGPPublicKey key, Statements said) {
    return said.expiry(key)
        .filter(expiry -> !expiry.isAfter(now))
        .map(expiry -> "expired at " + expiry);
  }

  private static Optional<String> unfit(PGPPublicKey key, Map<Integer, Integer> algorithms) {
    Integer least = algorithms.get(key.getAlgorithm());
    if (least == null) {
      return Optional.of("has algorithm " + key.getAlgorithm() + ", which is not supported");
    }
    if (least > 0 && key.getBitStrength() < least) {
      return Optional.of(
          "has " + key.getBitStrength() + " bits, which is too weak; " + least + " is the least");
    }
    return Optional.empty();
  }

  static String fingerprint(PGPPublicKey key) {
    return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
  }
}
