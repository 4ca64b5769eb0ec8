package io.penstock.jobs.deliver;

import io.penstock.common.names.FileName;
import java.io.Serializable;
import java.util.List;

/**
 * The keys that a delivery may write, in this run or in another.
 *
 * @param directories {@code column=} of each partition column, escaped
 */
record DeliveryKeys(FileName fileName, List<String> directories) implements Serializable {
  private static final long serialVersionUID = 1L;

  static DeliveryKeys of(FileName fileName, List<String> partitionColumns) {
    return new DeliveryKeys(
        fileName,
        List.copyOf(
            partitionColumns.stream().map(name -> PartitionPath.escape(name) + "=").toList()));
  }

  boolean matches(String key) {
    String[] names = key.split("/", -1);
    if (names.length != directories.size() + 1 || !fileName.matches(names[names.length - 1])) {
      return false;
    }
    for (int i = 0; i < directories.size(); i++) {
      if (!names[i].startsWith(directories.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** What every such key starts with. */
  String commonPrefix() {
    return directories.isEmpty() ? fileName.head() : directories.get(0);
  }
}
