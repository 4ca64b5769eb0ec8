package io.penstock.bench;

import java.io.IOException;

/** Who gets the rows of a job, and keeps them for a judge to look at once the clock stands. */
interface Receiver extends AutoCloseable {
  /** The keys of a destination that sends lineitem here. */
  String destination();

  /** Forgets what it has got. */
  void empty() throws IOException;

  /** Bytes that it has got. */
  long bytes() throws IOException;

  /**
   * What it has got, for DuckDB: a query with {@code l_orderkey}, {@code l_linenumber} and {@code
   * l_comment}.
   */
  String rows() throws IOException;

  @Override
  void close() throws IOException;
}
