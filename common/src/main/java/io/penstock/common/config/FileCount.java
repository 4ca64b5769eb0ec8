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

  /**
   * As many as suit a load into Amazon Redshift: no file has more than 125 MB, unless it has one
   * row (Amazon Redshift Database Developer Guide, "Loading data files").
   *
   * @param multiple how many files are loaded at a time; what the number of files is a multiple of,
   *     unless a file has to be split for its size, or there are too few rows; 1: any number
   */
  record ForCopy(int multiple) implements FileCount {
    public static final long MOST_BYTES = 125_000_000;
  }
}
