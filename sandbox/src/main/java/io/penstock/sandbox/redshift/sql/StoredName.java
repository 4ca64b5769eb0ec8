package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The name under which PostgreSQL keeps an object. Redshift's names have up to 127 bytes,
 * PostgreSQL's 63: of a longer one the beginning is kept, with a mark and a digest of all of it.
 */
public final class StoredName {
  static final String MARK = "\u2026";
  static final int DIGEST = 24;
  private static final int LONGEST = 127;
  private static final int LONGEST_STORED = 63;
  private static final int BEGINNING = LONGEST_STORED - 3 - DIGEST;
  private static final char[] DIGITS = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

  private StoredName() {}

  /**
   * A name as Redshift knows it, quoted or not: ASCII letters become small, other letters stay
   * (Amazon Redshift Database Developer Guide, "Names and identifiers").
   */
  public static String fold(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
    }
    return folded.toString();
  }

  /**
   * @param name folded
   * @throws SqlError where it has more than 127 bytes, which Redshift would cut off
   */
  public static String of(String name) throws SqlError {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST) {
      throw new SqlError(
          "42622", "identifier \"" + name + "\" is longer than " + LONGEST + " bytes");
    }
    return bytes.length <= LONGEST_STORED ? name : shortened(bytes);
  }

  /** Whether a stored name stands for a longer one. */
  public static boolean isShortened(String stored) {
    int mark = stored.length() - DIGEST - MARK.length();
    return mark >= 0 && stored.startsWith(MARK, mark);
  }

  /** Whether {@code name} is the one that is stored so. */
  public static boolean isOf(String stored, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return bytes.length > LONGEST_STORED && stored.equals(shortened(bytes));
  }

  private static String shortened(byte[] name) {
    return beginning(name) + MARK + digest(name);
  }

  private static String beginning(byte[] name) {
    int end = BEGINNING;
    while ((name[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(name, 0, end, StandardCharsets.UTF_8);
  }

  /** 120 bits of SHA-256 in base 32. */
  private static String digest(byte[] name) {
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-256").digest(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    StringBuilder digest = new StringBuilder();
    for (int bit = 0; bit < 5 * DIGEST; bit += 5) {
      int word = (hash[bit / 8] & 0xff) << 8 | (hash[bit / 8 + 1] & 0xff);
      digest.append(DIGITS[word >>> (11 - bit % 8) & 31]);
    }
    return digest.toString();
  }
}
