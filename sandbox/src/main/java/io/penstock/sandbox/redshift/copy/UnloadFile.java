package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One text file of an UNLOAD while it is written, on the local disk. */
interface UnloadFile extends AutoCloseable {

  void write(List<@Nullable String> row) throws IOException, SqlError;

  /** Bytes written so far, or an estimate of them. */
  long size() throws IOException;

  /** Completes the file. */
  Path finish() throws IOException, SqlError;

  /** Removes the file from the local disk. */
  @Override
  void close() throws IOException;
}
