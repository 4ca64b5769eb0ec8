package io.penstock.jobs.tunnel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}
