package io.penstock.common.plan;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Conditions that all rows have to fulfil which are read.
 *
 * @param conditions of SQL; none: all rows are read
 */
public record SourceFilter(Set<String> conditions) {
  public static final SourceFilter NONE = new SourceFilter(Set.of());

  public static SourceFilter of(Collection<String> conditions) {
    return new SourceFilter(new LinkedHashSet<>(conditions));
  }

  /** Whether what fulfils the other conditions fulfils these too. */
  public boolean includes(SourceFilter other) {
    return other.conditions.containsAll(conditions);
  }

  String sql() {
    return String.join(" AND ", conditions);
  }
}
