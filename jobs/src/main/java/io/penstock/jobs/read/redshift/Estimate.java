package io.penstock.jobs.read.redshift;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What EXPLAIN says of all rows of a source: how many there are, and how wide. Every user who may
 * read the rows may ask, which SVV_TABLE_INFO is for superusers only, and it answers for queries
 * too. It is as good as the statistics.
 *
 * @param width bytes of a row
 */
record Estimate(long rows, long width) {
  private static final Pattern FIRST = Pattern.compile("rows=(\\d{1,18}) width=(\\d{1,9})");

  /** Of the lines of a plan, whose first is about all of it. */
  static Optional<Estimate> of(List<String> plan) {
    for (String line : plan) {
      Matcher found = FIRST.matcher(line);
      if (found.find()) {
        return Optional.of(
            new Estimate(Long.parseLong(found.group(1)), Long.parseLong(found.group(2))));
      }
    }
    return Optional.empty();
  }

  long bytes() {
    return Math.max(rows, 1) > Long.MAX_VALUE / Math.max(width, 1)
        ? Long.MAX_VALUE
        : rows * Math.max(width, 1);
  }

  /** Bytes of some of the columns, as if all were of one width. */
  OptionalLong bytes(int columns, int of) {
    return OptionalLong.of(Math.max(1, bytes() / Math.max(of, 1) * columns));
  }
}
