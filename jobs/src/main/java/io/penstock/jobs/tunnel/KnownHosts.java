package io.penstock.jobs.tunnel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The lines of a known_hosts file that speak of one host; OpenSSH's sshd(8), "SSH_KNOWN_HOSTS". */
final class KnownHosts {
  private static final int DEFAULT_PORT = 22;
  private static final int FIELDS = 3;
  private static final String HASHED = "|1|";

  private final List<Entry> entries;

  private KnownHosts(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** What a line is for. */
  enum Marker {
    TRUSTED,
    REVOKED,
    AUTHORITY
  }

  private record Entry(Marker marker, String keyType, byte[] blob) {}

  /**
   * Reads the lines of a file. As OpenSSH does, a port other than 22 is looked for as {@code
   * [host]:port}, and where no line has it, the host alone is.
   */
  static KnownHosts parse(List<String> lines, String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    if (port == DEFAULT_PORT) {
      return named(lines, name);
    }
    KnownHosts withPort = named(lines, "[" + name + "]:" + port);
    return withPort.has(Marker.TRUSTED) || withPort.has(Marker.AUTHORITY)
        ? withPort
        : withPort.and(named(lines, name));
  }

  private static KnownHosts named(List<String> lines, String name) {
    List<Entry> found = new ArrayList<>();
    for (String line : lines) {
      entry(line.strip(), name, found);
    }
    return new KnownHosts(found);
  }

  private KnownHosts and(KnownHosts others) {
    List<Entry> all = new ArrayList<>(entries);
    all.addAll(others.entries);
    return new KnownHosts(all);
  }

  /** A line that is not understood knows no host. */
  private static void entry(String line, String name, List<Entry> found) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] fields = line.split("\\s+", -1);
    Marker marker = Marker.TRUSTED;
    if (fields[0].startsWith("@")) {
      switch (fields[0]) {
        case "@revoked" -> marker = Marker.REVOKED;
        case "@cert-authority" -> marker = Marker.AUTHORITY;
        default -> {
          return;
        }
      }
      fields = Arrays.copyOfRange(fields, 1, fields.length);
    }
    if (fields.length < FIELDS || !names(fields[0], name)) {
      return;
    }
    try {
      found.add(new Entry(marker, fields[1], Base64.getDecoder().decode(fields[2])));
    } catch (IllegalArgumentException damaged) {
      return;
    }
  }

  private static boolean names(String patterns, String name) {
    if (patterns.startsWith(HASHED)) {
      return isHashOf(patterns, name);
    }
    boolean named = false;
    for (String pattern : patterns.toLowerCase(Locale.ROOT).split(",", -1)) {
      boolean negated = pattern.startsWith("!");
      if (matches(negated ? pattern.substring(1) : pattern, name)) {
        if (negated) {
          return false;
        }
        named = true;
      }
    }
    return named;
  }

  private static boolean matches(String pattern, String name) {
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    return name.matches(regex.toString());
  }

  /** {@code |1|salt|HMAC-SHA1(salt, name)}, both in base64. */
  private static boolean isHashOf(String hashed, String name) {
    String[] parts = hashed.substring(HASHED.length()).split("\\|", -1);
    if (parts.length != 2) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[0]), "HmacSHA1"));
      byte[] expected = Base64.getDecoder().decode(parts[1]);
      return MessageDigest.isEqual(expected, mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException damaged) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java has no HMAC-SHA1", e);
    }
  }

  boolean has(Marker marker) {
    return entries.stream().anyMatch(entry -> entry.marker() == marker);
  }

  boolean has(Marker marker, PresentedKey key) {
    return entries.stream()
        .filter(entry -> entry.marker() == marker)
        .anyMatch(entry -> MessageDigest.isEqual(entry.blob(), key.blob()));
  }

  /** The algorithms of the trusted keys, in the order of preference. */
  List<HostKeyAlgorithm> algorithms() {
    return Arrays.stream(HostKeyAlgorithm.values()).filter(this::trustsKeyOf).toList();
  }

  private boolean trustsKeyOf(HostKeyAlgorithm algorithm) {
    return entries.stream()
        .filter(entry -> entry.marker() == Marker.TRUSTED)
        .anyMatch(
            entry -> HostKeyAlgorithm.of(entry.keyType()).filter(algorithm::equals).isPresent());
  }
}
