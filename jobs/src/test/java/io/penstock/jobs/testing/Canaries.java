package io.penstock.jobs.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Secrets that must be nowhere, in none of the forms that a text takes on its way. */
public final class Canaries {
  private static final int SHORTEST = 12;

  private final Map<String, Set<String>> forms = new LinkedHashMap<>();

  /**
   * @param name what it is called in a complaint, which does not repeat it
   */
  public void add(String name, String secret) {
    List<String> lines =
        secret
            .lines()
            .map(String::strip)
            .filter(line -> !line.startsWith("---") && !line.contains(": "))
            .filter(line -> line.length() >= SHORTEST)
            .toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(name + " is too short to be told from other texts");
    }
    Set<String> all = forms.computeIfAbsent(name, key -> new LinkedHashSet<>());
    for (String line : lines) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      all.add(line);
      all.add(URLEncoder.encode(line, StandardCharsets.UTF_8));
      all.add(URLEncoder.encode(line, StandardCharsets.UTF_8).replace("+", "%20"));
      all.add(HexFormat.of().formatHex(bytes));
      all.addAll(base64(bytes));
    }
  }

  /** What stands for the bytes in base64, whatever stands before and after them. */
  private static List<String> base64(byte[] bytes) {
    List<String> forms = new ArrayList<>();
    for (int before = 0; before < 3; before++) {
      byte[] text = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, text, before, bytes.length);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String encoded = encoder.withoutPadding().encodeToString(text);
        // the ends hold bits of what is beside
        forms.add(encoded.substring(before == 0 ? 0 : 4, text.length / 3 * 4));
      }
    }
    return forms;
  }

  /** The names of those that a text holds. */
  public List<String> in(String text) {
    return forms.entrySet().stream()
        .filter(canary -> canary.getValue().stream().anyMatch(text::contains))
        .map(Map.Entry::getKey)
        .toList();
  }
}
