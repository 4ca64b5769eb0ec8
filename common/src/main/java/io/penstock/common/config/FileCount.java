package io.penstock.common.config;

import java.io.Serializable;

/** How many files rows become. */
public sealed interface FileCount extends Serializable {
  /** As many as suit those who read them. */
  record Auto() implements FileCount {}

  /** One; with partition directories or groups, one in each. */
  record Single() implements FileCount {}

  /** No file has more rows. */
  record SplitRows(long rows) implements FileCount {}

  /** No file has more bytes, unless it has one row. */
  record SplitBytes(long bytes) implements FileCount {}
}
