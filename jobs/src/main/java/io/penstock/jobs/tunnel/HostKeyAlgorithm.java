package io.penstock.jobs.tunnel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/**
 * The types of host keys that are taken, the preferred first, each with the signatures that a
 * server may prove it by (RFC 8709, RFC 5656, RFC 8332). SHA-1 signs nothing here, and neither do
 * host certificates.
 */
enum HostKeyAlgorithm {
  ED25519("ssh-ed25519", BuiltinSignatures.ed25519),
  ECDSA_256("ecdsa-sha2-nistp256", BuiltinSignatures.nistp256),
  ECDSA_384("ecdsa-sha2-nistp384", BuiltinSignatures.nistp384),
  ECDSA_521("ecdsa-sha2-nistp521", BuiltinSignatures.nistp521),
  RSA("ssh-rsa", BuiltinSignatures.rsaSHA512, BuiltinSignatures.rsaSHA256);

  private final String keyType;
  private final List<BuiltinSignatures> signatures;

  HostKeyAlgorithm(String keyType, BuiltinSignatures... signatures) {
    this.keyType = keyType;
    this.signatures = List.of(signatures);
  }

  /** The algorithm of a key type as known_hosts and public keys name it. */
  static Optional<HostKeyAlgorithm> of(String keyType) {
    return Arrays.stream(values()).filter(one -> one.keyType.equals(keyType)).findFirst();
  }

  static List<NamedFactory<Signature>> signatures(List<HostKeyAlgorithm> algorithms) {
    return algorithms.stream()
        .flatMap(algorithm -> algorithm.signatures.stream())
        .<NamedFactory<Signature>>map(signature -> signature)
        .toList();
  }
}
