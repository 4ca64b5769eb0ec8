package io.penstock.bench;

import java.io.IOException;
import java.sql.SQLException;

/**
 * DuckDB's COPY from the same Parquet files.
 *
 * @param file name of the one file; empty: a file for each thread
 */
record DuckDbCopy(String options, String file) implements Peer {

  @Override
  public void write(Setting setting, Folder target) throws IOException, SQLException {
    target.emptied();
    if (file.isEmpty()) {
      setting.copy(
          target.path(),
          options + ", PER_THREAD_OUTPUT, OVERWRITE_OR_IGNORE, FILENAME_PATTERN 'part_{i}'");
    } else {
      setting.copy(target.path().resolve(file), options);
    }
  }
}
