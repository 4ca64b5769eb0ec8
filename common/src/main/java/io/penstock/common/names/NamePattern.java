package io.penstock.common.names;

/**
 * A name with variables, such as {@code upload/{{now|format:'yyyy/MM/dd'}}}; CONTRACT section 3.
 * Parsed once; rendered for each run.
 */
public final class NamePattern {
  private final String source;

  private NamePattern(String source) {
    this.source = source;
  }

  /**
   * @throws IllegalArgumentException naming the part that is not of the pattern language
   */
  public static NamePattern parse(String source) {
    return new NamePattern(source);
  }

  @Override
  public String toString() {
    return source;
  }
}
