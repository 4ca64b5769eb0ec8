package io.penstock.jobs.deliver.pgp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in the mode OCB (RFC 7253) with tags of 128 bits. The JDK has AES but not OCB, and hands
 * whole buffers to the processor's AES instructions; a library's AES in Java is thirty times
 * slower.
 */
final class Ocb {
  static final int BLOCK = 16;
  static final int NONCE = 15;

  private static final int HALF = Long.BYTES;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Cipher aes;
  private final Pair star;
  private final Pair dollar;

  /** L_0 and on: one for each power of two of blocks that an array can hold. */
  private final Pair[] doubled = new Pair[Integer.SIZE];

  /** A block as a number of 128 bits. */
  private record Pair(long high, long low) {
    static final Pair ZERO = new Pair(0, 0);

    Pair xor(Pair other) {
      return new Pair(high ^ other.high, low ^ other.low);
    }

    /** Multiplied by x in GF(2^128); RFC 7253 section 2. */
    Pair twice() {
      return new Pair(high << 1 | low >>> 63, low << 1 ^ (high >> 63 & 0x87));
    }

    Pair shiftedLeft(int bits, long next) {
      return bits == 0
          ? this
          : new Pair(high << bits | low >>> (64 - bits), low << bits | next >>> (64 - bits));
    }
  }

  Ocb(byte[] key) throws GeneralSecurityException {
    aes = JdkAes.cipher("AES/ECB/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    star = encipher(Pair.ZERO);
    dollar = star.twice();
    Pair next = dollar.twice();
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = next;
      next = next.twice();
    }
  }

  /**
   * Encrypts the first {@code length} bytes of a text and appends the tag.
   *
   * @param nonce of at most {@value #NONCE} bytes, never the same again under one key
   * @param sealed has room for {@code length} and {@value #BLOCK} bytes
   */
  void seal(byte[] nonce, byte[] associated, byte[] text, int length, byte[] sealed)
      throws GeneralSecurityException {
    Pair start = start(nonce);
    int whole = length - length % BLOCK;
    Pair checksum = mask(start, text, whole, sealed);
    aes.doFinal(sealed, 0, whole, sealed, 0);
    Pair offset = unmask(start, sealed, whole);
    if (whole < length) {
      offset = offset.xor(star);
      byte[] last = padded(text, whole, length);
      checksum = checksum.xor(pair(last, 0));
      byte[] pad = new byte[BLOCK];
      put(encipher(offset), pad, 0);
      for (int i = whole; i < length; i++) {
        sealed[i] = (byte) (text[i] ^ pad[i - whole]);
      }
    }
    put(encipher(checksum.xor(offset).xor(dollar)).xor(hash(associated)), sealed, length);
  }

  /** Offset_0; RFC 7253 section 4.2. */
  private Pair start(byte[] nonce) throws GeneralSecurityException {
    byte[] block = new byte[BLOCK];
    System.arraycopy(nonce, 0, block, BLOCK - nonce.length, nonce.length);
    block[BLOCK - nonce.length - 1] = 1;
    int bottom = block[BLOCK - 1] & 0x3f;
    block[BLOCK - 1] &= (byte) 0xc0;
    Pair top = encipher(pair(block, 0));
    return top.shiftedLeft(bottom, top.high ^ (top.high << 8 | top.low >>> 56));
  }

  /** Each block under its offset into {@code target}. Returns the checksum of the blocks. */
  private Pair mask(Pair start, byte[] text, int whole, byte[] target) {
    long high = start.high;
    long low = start.low;
    long sumHigh = 0;
    long sumLow = 0;
    for (int at = 0; at < whole; at += BLOCK) {
      Pair step = doubled[Integer.numberOfTrailingZeros(at / BLOCK + 1)];
      high ^= step.high;
      low ^= step.low;
      long textHigh = (long) LONGS.get(text, at);
      long textLow = (long) LONGS.get(text, at + HALF);
      sumHigh ^= textHigh;
      sumLow ^= textLow;
      LONGS.set(target, at, textHigh ^ high);
      LONGS.set(target, at + HALF, textLow ^ low);
    }
    return new Pair(sumHigh, sumLow);
  }

  /** Each enciphered block under its offset again. Returns the last offset. */
  private Pair unmask(Pair start, byte[] target, int whole) {
    long high = start.high;
    long low = start.low;
    for (int at = 0; at < whole; at += BLOCK) {
      Pair step = doubled[Integer.numberOfTrailingZeros(at / BLOCK + 1)];
      high ^= step.high;
      low ^= step.low;
      LONGS.set(target, at, (long) LONGS.get(target, at) ^ high);
      LONGS.set(target, at + HALF, (long) LONGS.get(target, at + HALF) ^ low);
    }
    return new Pair(high, low);
  }

  /** Of the associated data; RFC 7253 section 4.1. */
  private Pair hash(byte[] associated) throws GeneralSecurityException {
    Pair sum = Pair.ZERO;
    Pair offset = Pair.ZERO;
    int whole = associated.length - associated.length % BLOCK;
    for (int at = 0; at < whole; at += BLOCK) {
      offset = offset.xor(doubled[Integer.numberOfTrailingZeros(at / BLOCK + 1)]);
      sum = sum.xor(encipher(offset.xor(pair(associated, at))));
    }
    if (whole < associated.length) {
      Pair last = pair(padded(associated, whole, associated.length), 0);
      sum = sum.xor(encipher(last.xor(offset).xor(star)));
    }
    return sum;
  }

  /** The rest of a text, a bit that is set, and zeros. */
  private static byte[] padded(byte[] text, int from, int to) {
    byte[] block = Arrays.copyOf(Arrays.copyOfRange(text, from, to), BLOCK);
    block[to - from] = (byte) 0x80;
    return block;
  }

  private Pair encipher(Pair block) throws GeneralSecurityException {
    byte[] bytes = new byte[BLOCK];
    put(block, bytes, 0);
    return pair(aes.doFinal(bytes), 0);
  }

  private static Pair pair(byte[] bytes, int at) {
    return new Pair((long) LONGS.get(bytes, at), (long) LONGS.get(bytes, at + HALF));
  }

  private static void put(Pair block, byte[] bytes, int at) {
    LONGS.set(bytes, at, block.high);
    LONGS.set(bytes, at + HALF, block.low);
  }
}
