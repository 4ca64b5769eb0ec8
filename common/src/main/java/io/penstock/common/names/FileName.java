package io.penstock.common.names;

import java.io.Serializable;

/**
 * A file name in which everything but the file number is decided.
 *
 * @param head text before the number
 * @param tail text after the number
 * @param numbered whether the name holds the number at all
 */
public record FileName(String head, String tail, boolean numbered) implements Serializable {

  /**
   * @param number from 1; written with at least seven digits
   */
  public String of(long number) {
    return numbered ? head + "%07d".formatted(number) + tail : head;
  }

  /** The same name after a prefix. */
  public FileName after(String prefix) {
    return new FileName(prefix + head, tail, numbered);
  }

  /** Whether some file number gives this name: what an overwrite may replace. */
  public boolean matches(String name) {
    if (!numbered) {
      return name.equals(head);
    }
    int digits = name.length() - head.length() - tail.length();
    return digits >= 7
        && name.startsWith(head)
        && name.endsWith(tail)
        && name.substring(head.length(), head.length() + digits)
            .chars()
            .allMatch(c -> c >= '0' && c <= '9');
  }
}
