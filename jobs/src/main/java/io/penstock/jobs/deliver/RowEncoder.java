package io.penstock.jobs.deliver;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.spark.sql.catalyst.InternalRow;

/** Turns rows into the bytes of one file. It keeps nothing of a row beyond the call. */
interface RowEncoder extends Closeable {
  /**
   * @return how many rows of the file it holds
   */
  int write(InternalRow row) throws IOException;

  /** How many bytes it would still write at most, if the file ended here. */
  long buffered() throws IOException;

  /** How many bytes a row would add at most. */
  long sizeOf(InternalRow row);

  /** Writes what comes after the last row. */
  void finish() throws IOException;

  /** Gives up what is held outside the heap; writes nothing. */
  @Override
  void close() throws IOException;

  /** What the files of one task have in common. Not for several threads at once. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param key of the file, from which follows what would else be random
     */
    RowEncoder open(OutputStream out, String key) throws IOException;
  }
}
