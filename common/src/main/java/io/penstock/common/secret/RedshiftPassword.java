package io.penstock.common.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * The password of a database user (Amazon Redshift Database Developer Guide, "CREATE USER"): 8 to
 * 64 of the ASCII characters 33 to 126 without {@code ' " \ / @}, among them an upper-case letter,
 * a lower-case letter and a digit.
 */
public record RedshiftPassword(String value) {
  private static final int SHORTEST = 8;
  private static final int LONGEST = 64;
  private static final String REFUSED = "'\"\\/@";

  /** 190 bits of letters and digits, which no shell, address or job file reads as anything else. */
  private static final int GENERATED = 32;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /**
   * @throws IllegalArgumentException where Redshift would refuse it, saying why without it
   */
  public RedshiftPassword {
    problemOf(value)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("a password of Redshift: " + problem);
            });
  }

  /**
   * A new one.
   *
   * @param random one that cannot be foretold
   */
  public static RedshiftPassword generate(RandomGenerator random) {
    while (true) {
      StringBuilder drawn = new StringBuilder(GENERATED);
      for (int i = 0; i < GENERATED; i++) {
        drawn.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      // one in 300 lacks a digit; drawing all of it again leaves the others equally likely
      if (problemOf(drawn.toString()).isEmpty()) {
        return new RedshiftPassword(drawn.toString());
      }
    }
  }

  /** Which rule a text breaks, without showing any of it; empty: none. */
  public static Optional<String> problemOf(String text) {
    if (text.length() < SHORTEST || text.length() > LONGEST) {
      return Optional.of("has " + text.length() + " characters and not 8 to 64");
    }
    if (!text.chars().allMatch(c -> c >= 33 && c <= 126)) {
      return Optional.of("holds a space, a control character or one that is not ASCII");
    }
    if (text.chars().anyMatch(c -> REFUSED.indexOf(c) >= 0)) {
      return Optional.of("holds one of ' \" \\ / @");
    }
    if (lacks(text, c -> c >= 'A' && c <= 'Z')) {
      return Optional.of("has no upper-case letter");
    }
    if (lacks(text, c -> c >= 'a' && c <= 'z')) {
      return Optional.of("has no lower-case letter");
    }
    return lacks(text, c -> c >= '0' && c <= '9') ? Optional.of("has no digit") : Optional.empty();
  }

  /**
   * What {@code CREATE USER} takes in place of the password: {@code md5} and the digest of the
   * password and the user's name. Who has it can sign in as the user, as with the password; but the
   * password itself, which may be in use elsewhere, is not in it.
   *
   * @param user as Redshift keeps the name
   */
  public String digestFor(String user) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest((value + user).getBytes(StandardCharsets.UTF_8));
      return "md5" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static boolean lacks(String text, IntPredicate kind) {
    return text.chars().noneMatch(kind);
  }

  @Override
  public String toString() {
    return "***";
  }
}
