package io.penstock.jobs.deliver.pgp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * What the owner of a primary key has signed with it about the key, its user IDs and its subkeys;
 * RFC 9580 sections 5.2.1 and 10.1. Only signatures that verify count, whoever put the others
 * there. SHA-1 is accepted: nobody but the owner chooses what these signatures cover. MD5 is not,
 * but for revocations: those always count.
 */
final class SelfSignatures {
  /** What a signature may mark as critical; an unknown critical subpacket voids it. */
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          SignatureSubpacketTags.CREATION_TIME,
          SignatureSubpacketTags.EXPIRE_TIME,
          SignatureSubpacketTags.EXPORTABLE,
          SignatureSubpacketTags.REVOCABLE,
          SignatureSubpacketTags.KEY_EXPIRE_TIME,
          SignatureSubpacketTags.PREFERRED_SYM_ALGS,
          SignatureSubpacketTags.ISSUER_KEY_ID,
          SignatureSubpacketTags.PREFERRED_HASH_ALGS,
          SignatureSubpacketTags.PREFERRED_COMP_ALGS,
          SignatureSubpacketTags.KEY_SERVER_PREFS,
          SignatureSubpacketTags.PREFERRED_KEY_SERV,
          SignatureSubpacketTags.PRIMARY_USER_ID,
          SignatureSubpacketTags.POLICY_URL,
          SignatureSubpacketTags.KEY_FLAGS,
          SignatureSubpacketTags.REVOCATION_REASON,
          SignatureSubpacketTags.FEATURES,
          SignatureSubpacketTags.EMBEDDED_SIGNATURE,
          SignatureSubpacketTags.ISSUER_FINGERPRINT,
          SignatureSubpacketTags.LIBREPGP_PREFERRED_ENCRYPTION_MODES,
          SignatureSubpacketTags.PREFERRED_AEAD_ALGORITHMS);

  private final PGPPublicKey primary;
  private final Instant now;

  /**
   * @param now signatures that have expired by then do not count
   */
  SelfSignatures(PGPPublicKey primary, Instant now) {
    this.primary = primary;
    this.now = now;
  }

  boolean revokesPrimary() {
    return newest(
            primary.getSignatures(),
            Set.of(PGPSignature.KEY_REVOCATION),
            signature -> signature.verifyCertification(primary))
        .isPresent();
  }

  boolean revokes(PGPPublicKey subkey) {
    return newest(
            subkey.getSignatures(),
            Set.of(PGPSignature.SUBKEY_REVOCATION),
            signature -> signature.verifyCertification(primary, subkey))
        .isPresent();
  }

  /**
   * Of the primary key: the newest direct signature, then that of the primary user ID, else of the
   * newest. Empty: nothing shows that its owner made this key.
   */
  Optional<Statements> ofPrimary() {
    List<PGPSignatureSubpacketVector> said = new ArrayList<>();
    newest(
            primary.getSignatures(),
            Set.of(PGPSignature.DIRECT_KEY),
            signature -> signature.verifyCertification(primary))
        .ifPresent(direct -> said.add(direct.getHashedSubPackets()));
    identities().stream()
        .max(
            Comparator.comparing((PGPSignature one) -> one.getHashedSubPackets().isPrimaryUserID())
                .thenComparing(PGPSignature::getCreationTime))
        .ifPresent(identity -> said.add(identity.getHashedSubPackets()));
    return said.isEmpty() ? Optional.empty() : Optional.of(new Statements(List.copyOf(said)));
  }

  /** The newest certification of each user ID that is not revoked. */
  private List<PGPSignature> identities() {
    List<PGPSignature> identities = new ArrayList<>();
    for (Iterator<byte[]> ids = primary.getRawUserIDs(); ids.hasNext(); ) {
      byte[] id = ids.next();
      Verification ofId = signature -> signature.verifyCertification(id, primary);
      Optional<PGPSignature> certification =
          newest(
              primary.getSignaturesForID(id),
              Set.of(
                  PGPSignature.DEFAULT_CERTIFICATION,
                  PGPSignature.NO_CERTIFICATION,
                  PGPSignature.CASUAL_CERTIFICATION,
                  PGPSignature.POSITIVE_CERTIFICATION),
              ofId);
      Optional<PGPSignature> revocation =
          newest(
              primary.getSignaturesForID(id), Set.of(PGPSignature.CERTIFICATION_REVOCATION), ofId);
      certification
          .filter(
              given ->
                  revocation.isEmpty()
                      || given.getCreationTime().after(revocation.get().getCreationTime()))
          .ifPresent(identities::add);
    }
    return identities;
  }

  /** Of a subkey; empty: the primary key does not say that the subkey is its own. */
  Optional<Statements> of(PGPPublicKey subkey) {
    return newest(
            subkey.getSignatures(),
            Set.of(PGPSignature.SUBKEY_BINDING),
            signature -> signature.verifyCertification(primary, subkey))
        .map(binding -> new Statements(List.of(binding.getHashedSubPackets())));
  }

  @FunctionalInterface
  private interface Verification {
    boolean verify(PGPSignature signature) throws PGPException;
  }

  private Optional<PGPSignature> newest(
      Iterator<PGPSignature> signatures, Set<Integer> types, Verification verification) {
    List<PGPSignature> valid = new ArrayList<>();
    while (signatures != null && signatures.hasNext()) {
      PGPSignature signature = signatures.next();
      if (types.contains(signature.getSignatureType())
          && mayBeOwn(signature)
          && (PGPSignature.isRevocation(signature.getSignatureType()) || isAcceptable(signature))
          && verifies(signature, verification)) {
        valid.add(signature);
      }
    }
    return valid.stream().max(Comparator.comparing(PGPSignature::getCreationTime));
  }

  /** Spares the verification of what others certified. */
  private boolean mayBeOwn(PGPSignature signature) {
    return signature.getKeyIdentifiers().isEmpty()
        || signature.hasKeyIdentifier(primary.getKeyIdentifier());
  }

  private boolean isAcceptable(PGPSignature signature) {
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    if (hashed == null || signature.getHashAlgorithm() == HashAlgorithmTags.MD5) {
      return false;
    }
    for (int tag : hashed.getCriticalTags()) {
      if (!UNDERSTOOD.contains(tag)) {
        return false;
      }
    }
    long seconds = hashed.getSignatureExpirationTime();
    return seconds == 0
        || signature.getCreationTime().toInstant().plusSeconds(seconds).isAfter(now);
  }

  private boolean verifies(PGPSignature signature, Verification verification) {
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), primary);
      return verification.verify(signature);
    } catch (PGPException | RuntimeException e) {
      return false;
    }
  }
}
