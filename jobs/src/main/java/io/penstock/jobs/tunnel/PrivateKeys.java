package io.penstock.jobs.tunnel;

import io.penstock.common.config.RedshiftConnection.Key;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.SecretResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys: OpenSSH's own format, PEM with the numbers of RSA (PKCS#1) or of an elliptic
 * curve (SEC 1), PKCS#8; each encrypted or not. What is thrown holds nothing of a key, and neither
 * does its cause, which is not kept.
 */
final class PrivateKeys {
  private static final String KEY = "connection.tunnel.private-key";
  private static final String PASSPHRASE = "connection.tunnel.passphrase";
  private static final String FORMATS =
      "Change "
          + KEY
          + " to a private key of RSA, ECDSA or Ed25519 in OpenSSH's format, PEM or"
          + " PKCS#8, with its lines as they are in the file";

  private final SshFailures failures;

  PrivateKeys(SshFailures failures) {
    this.failures = failures;
  }

  KeyPair read(Key key, SecretResolver secrets) {
    String text = secrets.resolve(key.privateKey()).strip() + "\n";
    Optional<String> passphrase = key.passphrase().map(secrets::resolve);
    if (!text.startsWith("-----BEGIN ")) {
      throw failures.of("the private key is in a format that is not known" + hint(text), FORMATS);
    }
    if (text.startsWith(EncryptedKey.BEGIN)) {
      return parse(decrypted(text, passphrase), Optional.empty());
    }
    return parse(text, passphrase);
  }

  private static String hint(String text) {
    if (text.startsWith("PuTTY-")) {
      return ": it is PuTTY's; puttygen -O private-openssh converts it";
    }
    return text.startsWith("ssh-") || text.startsWith("ecdsa-") ? ": it is a public key" : "";
  }

  private String decrypted(String pem, Optional<String> passphrase) {
    try {
      return EncryptedKey.decrypted(pem, passphrase.orElseThrow(this::noPassphrase));
    } catch (GeneralSecurityException | IOException e) {
      throw wrongPassphrase();
    }
  }

  private KeyPair parse(String text, Optional<String> passphrase) {
    Passphrase asked = new Passphrase(passphrase);
    try (ByteArrayInputStream in =
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
      Iterable<KeyPair> found =
          SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(KEY), in, asked);
      Iterator<KeyPair> pairs = found == null ? null : found.iterator();
      if (pairs != null && pairs.hasNext()) {
        return pairs.next();
      }
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // told below
    }
    if (!asked.was) {
      throw failures.of("the private key cannot be read", FORMATS);
    }
    throw passphrase.isPresent() ? wrongPassphrase() : noPassphrase();
  }

  private PenstockException noPassphrase() {
    return failures.of("the private key is encrypted", "Set " + PASSPHRASE);
  }

  private PenstockException wrongPassphrase() {
    return failures.of(
        "the passphrase does not open the private key",
        "Change "
            + PASSPHRASE
            + "; a key that is encrypted in a way of its own is so no more after ssh-keygen -p");
  }

  /** Remembers whether it was asked, that is, whether the key is encrypted. */
  private static final class Passphrase implements FilePasswordProvider {
    private final Optional<String> passphrase;
    private boolean was;

    Passphrase(Optional<String> passphrase) {
      this.passphrase = passphrase;
    }

    @Override
    public @Nullable String getPassword(
        @Nullable SessionContext session, NamedResource resource, int retryIndex) {
      was = true;
      return passphrase.orElse(null);
    }
  }
}
