package io.penstock.sandbox.redshift.copy;

/** Where the row being loaded stands; asked only when it is bad. */
interface RowOrigin {
  /** From 1. */
  long line();

  /** In bytes from the beginning of the uncompressed file. */
  long offset();

  /** The row as the file has it. */
  String raw();
}
