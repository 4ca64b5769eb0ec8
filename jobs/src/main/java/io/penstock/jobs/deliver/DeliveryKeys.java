package io.penstock.jobs.deliver;

import io.penstock.common.names.FileName;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.Grouping;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys that a delivery may write, in this run or in another.
 *
 * @param groupDirectory as in {@link Grouping}; empty where groups have no directory
 * @param groups that there can be; empty: of any name
 * @param directories {@code column=} of each partition column, escaped
 */
record DeliveryKeys(
    FileName fileName, String groupDirectory, List<String> groups, List<String> directories)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String ANYTHING = "[^/]*";
  private static final String SOMETHING = "[^/]+";
  private static final String NUMBER = "[0-9]{7,}";

  static DeliveryKeys of(DeliveryPlan plan, List<String> partitionColumns) {
    return new DeliveryKeys(
        plan.fileName(),
        plan.grouping().map(Grouping::directory).orElse(""),
        plan.grouping().map(Grouping::known).orElse(List.of()),
        List.copyOf(
            partitionColumns.stream().map(name -> PartitionPath.escape(name) + "=").toList()));
  }

  /** The key of a file, whose place has the directories of its partition already. */
  String key(Place place, long number) {
    return Grouping.of(groupDirectory, place.group())
        + place.directory()
        + Grouping.of(fileName.of(number), place.group());
  }

  boolean matches(String key) {
    String name =
        fileName.numbered()
            ? quoted(fileName.head()) + NUMBER + quoted(fileName.tail())
            : quoted(fileName.head());
    return Pattern.matches(quoted(groupDirectory) + inDirectories() + name, key);
  }

  private String inDirectories() {
    return directories.stream()
        .map(directory -> Pattern.quote(directory) + ANYTHING + "/")
        .collect(Collectors.joining());
  }

  /** A name with a group of any value. */
  private String quoted(String name) {
    String group =
        groups.isEmpty()
            ? SOMETHING
            : groups.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")"));
    StringBuilder regex = new StringBuilder();
    String[] parts = name.split(Grouping.NAME, -1);
    for (int i = 0; i < parts.length; i++) {
      regex.append(i > 0 ? group : "").append(Pattern.quote(parts[i]));
    }
    return regex.toString();
  }

  /** The directory of the group that a key is in. */
  String groupDirectoryOf(String key) {
    int end = 0;
    for (int slashes = groupDirectory.split("/", -1).length - 1; slashes > 0; slashes--) {
      end = key.indexOf('/', end) + 1;
    }
    return key.substring(0, end);
  }

  /** Whether a key is that of a file of this name in the directory of some group. */
  boolean isInGroup(String key, String name) {
    return Pattern.matches(quoted(groupDirectory) + Pattern.quote(name), key);
  }

  /** What every such key starts with. */
  String commonPrefix() {
    String first = groupDirectory + (directories.isEmpty() ? fileName.head() : directories.get(0));
    int group = first.indexOf(Grouping.NAME);
    return group < 0 ? first : first.substring(0, group);
  }
}
