package io.penstock.jobs.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids that follow from what they stand for: UUIDs of version 8 (RFC 9562, section 5.8) from
 * SHA-256. Belongs to one thread.
 */
final class MessageIds {
  /** Characters of an id. */
  static final int LENGTH = 36;

  private static final long VERSION = 0x8000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final MessageDigest digest;
  private final byte[] seed;

  /**
   * @param seed what tells all of these ids from others
   */
  MessageIds(String seed) {
    this.seed = seed.getBytes(StandardCharsets.UTF_8);
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Begins an id. */
  MessageIds begin() {
    digest.reset();
    digest.update(seed);
    return this;
  }

  MessageIds add(byte[] bytes, int from, int to) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(to - from).flip());
    digest.update(bytes, from, to - from);
    return this;
  }

  /** The id of what was added since {@link #begin}. */
  String end() {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    long high = hash.getLong() & ~0xF000L | VERSION;
    long low = hash.getLong() & ~0xC000_0000_0000_0000L | VARIANT;
    return new UUID(high, low).toString();
  }

  /** The id of a text. */
  String of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return begin().add(bytes, 0, bytes.length).end();
  }
}
