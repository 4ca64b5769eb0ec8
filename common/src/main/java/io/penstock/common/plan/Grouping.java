package io.penstock.common.plan;

import java.io.Serializable;

/**
 * One set of files for each value of a column.
 *
 * @param directory of a group below the delivery's location, in which {@link #NAME} stands for the
 *     group; empty, or ending in a slash
 */
public record Grouping(String column, String directory) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Stands for the group in names that are decided for all groups; a private-use character. */
  public static final String NAME = "\uE000";

  /** A name of one group. */
  public static String of(String name, String group) {
    return name.replace(NAME, group);
  }
}
