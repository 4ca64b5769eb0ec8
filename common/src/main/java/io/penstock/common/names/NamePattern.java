package io.penstock.common.names;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A name with variables, such as {@code upload/{{now|format:'yyyy/MM/dd'}}}; CONTRACT section 3.
 * Parsed once; rendered for each run.
 *
 * <p>The variables are {@code now}, {@code job}, {@code run_id}, {@code campaign_name}, {@code
 * group_name} and {@code file_number}. {@code now} takes the filters {@code local:'Zone/Id'},
 * {@code next_day} and, last, {@code format:'pattern'} of {@code
 * java.time.format.DateTimeFormatter}; without a format it is written like {@code
 * 20261101T000000Z}. A quote within an argument is doubled.
 */
public final class NamePattern {
  /** Longest key of Amazon S3, in UTF-8 bytes (Amazon S3 User Guide, "Naming objects"). */
  private static final int KEY_BYTES = 1024;

  private final String source;
  private final List<NamePart> parts;

  private NamePattern(String source, List<NamePart> parts) {
    this.source = source;
    this.parts = parts;
  }

  /**
   * @throws IllegalArgumentException naming the part that is not of the pattern language
   */
  public static NamePattern parse(String source) {
    return new NamePattern(source, new NamePatternParser(source).parse());
  }

  /** Whether the name holds {@code {{file_number}}}. */
  public boolean usesFileNumber() {
    return parts.stream().anyMatch(NamePart.FileNumber.class::isInstance);
  }

  /** Whether the name holds {@code {{campaign_name}}}. */
  public boolean usesCampaignName() {
    return uses(NamePart.Word.CAMPAIGN_NAME);
  }

  /** Whether the name holds {@code {{group_name}}}. */
  public boolean usesGroupName() {
    return uses(NamePart.Word.GROUP_NAME);
  }

  private boolean uses(NamePart.Word word) {
    return parts.stream()
        .anyMatch(part -> part instanceof NamePart.Variable variable && variable.word() == word);
  }

  /**
   * The name in one run.
   *
   * @throws IllegalStateException where the pattern holds a file number
   * @throws PenstockException {@code DELIVERY_KEY_REFUSED} where the result cannot be a key
   */
  public String render(NameContext context) {
    if (usesFileNumber()) {
      throw new IllegalStateException("the pattern holds a file number: " + source);
    }
    return checked(rendered(parts, context));
  }

  /**
   * The file name in one run.
   *
   * @throws PenstockException {@code DELIVERY_KEY_REFUSED} where the result cannot be a file name
   */
  public FileName toFileName(NameContext context) {
    int number = 0;
    while (number < parts.size() && !(parts.get(number) instanceof NamePart.FileNumber)) {
      number++;
    }
    boolean numbered = number < parts.size();
    FileName name =
        new FileName(
            rendered(parts.subList(0, number), context),
            numbered ? rendered(parts.subList(number + 1, parts.size()), context) : "",
            numbered);
    String sample = checked(name.of(1));
    if (sample.isEmpty() || sample.contains("/")) {
      throw refused("the file name is empty or holds a slash");
    }
    return name;
  }

  private static String rendered(List<NamePart> parts, NameContext context) {
    return parts.stream().map(part -> part.render(context)).collect(Collectors.joining());
  }

  private String checked(String name) {
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      throw refused("the name holds a control character");
    }
    for (String segment : name.split("/", -1)) {
      if (segment.equals("..") || segment.equals(".")) {
        throw refused("a part of the name is '" + segment + "'");
      }
    }
    if (name.startsWith("/") || name.contains("//")) {
      throw refused("a part of the name is empty");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES) {
      throw refused("the name is longer than " + KEY_BYTES + " bytes");
    }
    return name;
  }

  private PenstockException refused(String problem) {
    return PenstockException.of(
        ErrorCode.DELIVERY_KEY_REFUSED,
        problem,
        "the pattern " + source + " with the values of this run",
        "change the pattern in the job file");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamePattern pattern && pattern.source.equals(source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  /** The pattern as it was written. */
  @Override
  public String toString() {
    return source;
  }
}
