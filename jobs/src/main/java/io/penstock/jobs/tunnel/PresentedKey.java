package io.penstock.jobs.tunnel;

import io.penstock.jobs.store.Digests;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A host key as it is sent and stored: the name of its type, then its numbers (RFC 4253 section
 * 6.6).
 */
record PresentedKey(String type, byte[] blob) {

  static PresentedKey of(PublicKey key) {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    return of(buffer.getCompactData());
  }

  static PresentedKey of(byte[] blob) {
    String type = new ByteArrayBuffer(blob).getString(StandardCharsets.US_ASCII);
    return new PresentedKey(type, blob);
  }

  /** As {@code ssh-keygen -l} shows it. */
  String fingerprint() {
    byte[] digest = Digests.sha256().digest(blob);
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}
