package io.penstock.jobs.sync;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the rows of a sync depend on. Rows can be compared with those of an earlier sync only where
 * this was the same; of an earlier one only digests are known.
 */
public final class Fingerprint {
  private static final int LINE_DIGITS = 8;

  /** Each part has lines; a line has a name, which messages use, and a text. */
  private record Line(String name, String text) {}

  /** The parts, in the order in which they are told. */
  public enum Part {
    KEYS("the keys have changed"),
    SETTINGS("the mode or the cursor of the sync has changed"),
    QUERY("the query has changed"),
    TEMPLATE("the template has changed"),
    SCHEMA("the source's schema has changed"),
    RECEIVERS("there are new destinations"),
    EVENTS("what events say has changed"),
    DIGEST("another version of Penstock digests rows in another form");

    private final String change;

    Part(String change) {
      this.change = change;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** A destination that is there no more changes nothing for the others. */
    private boolean isOfDestinations() {
      return this == RECEIVERS || this == EVENTS;
    }
  }

  /**
   * What is kept of a part.
   *
   * @param whole digest of all lines in their order
   * @param lines digests of each, shortened
   */
  record Digest(String whole, List<String> lines) {}

  private final Map<Part, List<Line>> parts = new EnumMap<>(Part.class);

  public Fingerprint() {
    for (Part part : Part.values()) {
      parts.put(part, new ArrayList<>());
    }
    add(Part.DIGEST, "", RowDigest.FORM);
  }

  /**
   * Adds a line to a part.
   *
   * @param name that messages use
   */
  public Fingerprint add(Part part, String name, String text) {
    lines(part).add(new Line(name, text));
    return this;
  }

  private List<Line> lines(Part part) {
    return parts.computeIfAbsent(part, absent -> new ArrayList<>());
  }

  Map<Part, Digest> digests() {
    Map<Part, Digest> digests = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      digests.put(part, digest(part));
    }
    return digests;
  }

  private Digest digest(Part part) {
    StringBuilder whole = new StringBuilder();
    List<String> each = new ArrayList<>();
    for (Line line : lines(part)) {
      whole.append(line.text().length()).append(':').append(line.text());
      each.add(sha256(line.text()).substring(0, LINE_DIGITS));
    }
    return new Digest(sha256(whole.toString()), List.copyOf(each));
  }

  /** What has changed since an earlier sync; empty: nothing that matters. */
  Optional<String> changeSince(Map<Part, Digest> earlier) {
    for (Part part : Part.values()) {
      Digest then = earlier.getOrDefault(part, new Digest("", List.of()));
      List<String> fresh = freshLines(part, then);
      boolean changed =
          part.isOfDestinations() ? !fresh.isEmpty() : !then.whole().equals(digest(part).whole());
      if (changed) {
        List<String> named = fresh.stream().filter(name -> !name.isEmpty()).toList();
        return Optional.of(part.change + (named.isEmpty() ? "" : ": " + String.join(", ", named)));
      }
    }
    return Optional.empty();
  }

  /** Whether keys of an earlier sync are those of this one, and can be compared. */
  boolean hasKeysOf(Map<Part, Digest> earlier) {
    return digest(Part.KEYS).equals(earlier.get(Part.KEYS));
  }

  private List<String> freshLines(Part part, Digest then) {
    Set<String> known = new HashSet<>(then.lines());
    return lines(part).stream()
        .filter(line -> !known.contains(sha256(line.text()).substring(0, LINE_DIGITS)))
        .map(Line::name)
        .toList();
  }

  private static String sha256(String text) {
    return HexFormat.of()
        .formatHex(RowDigest.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
