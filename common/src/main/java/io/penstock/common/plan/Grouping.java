package io.penstock.common.plan;

import io.penstock.common.sync.RowOperation;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * One set of files for each value of a column.
 *
 * @param directory of a group below the delivery's location, in which {@link #NAME} stands for the
 *     group; empty, or ending in a slash
 * @param known the values that the column has, which then stays out of the files; empty: any, and
 *     files hold the column too
 */
public record Grouping(String column, String directory, List<String> known)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Stands for the group in names that are decided for all groups; a private-use character. */
  public static final String NAME = "\uE000";

  /** Groups of any value. */
  static Grouping by(String column, String directory) {
    return new Grouping(column, directory, List.of());
  }

  /** Added, changed and removed rows, told apart by the names of files. */
  static Grouping ofChanges() {
    return new Grouping(
        RowOperation.COLUMN, "", Stream.of(RowOperation.values()).map(Grouping::groupOf).toList());
  }

  /** What files call the rows of an operation. */
  public static String groupOf(RowOperation operation) {
    return switch (operation) {
      case INSERT -> "added";
      case UPDATE -> "changed";
      case DELETE -> "removed";
    };
  }

  /** A name of one group. */
  public static String of(String name, String group) {
    return name.replace(NAME, group);
  }
}
