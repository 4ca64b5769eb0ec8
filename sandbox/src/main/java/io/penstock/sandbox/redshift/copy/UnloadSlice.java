package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text files one slice of the cluster writes, one after the other. */
final class UnloadSlice implements AutoCloseable {
  private final UnloadStatement unload;
  private final List<TargetColumn> columns;
  private final S3Store store;
  private final int number;
  private final List<UnloadManifest.Entry> written;
  private @Nullable UnloadFile file;
  private long rows;
  private int parts;

  /**
   * @param written gets an entry for every file
   */
  UnloadSlice(
      UnloadStatement unload,
      List<TargetColumn> columns,
      S3Store store,
      int number,
      List<UnloadManifest.Entry> written) {
    this.unload = unload;
    this.columns = columns;
    this.store = store;
    this.number = number;
    this.written = written;
  }

  void write(List<@Nullable String> row) throws IOException, SqlError {
    UnloadFile current = file;
    if (current == null) {
      current = open();
      file = current;
    }
    current.write(row);
    rows++;
    if (current.size() >= unload.maxFileBytes()) {
      upload(current);
    }
  }

  private UnloadFile open() throws IOException {
    return new TextFile(RowEncoder.of(unload.format(), columns), unload.compression());
  }

  /** Uploads what is left; a slice writes a file even without rows. */
  void finish() throws IOException, SqlError {
    UnloadFile current = file;
    if (current == null && parts == 0) {
      current = open();
      file = current;
    }
    if (current != null) {
      upload(current);
    }
  }

  private void upload(UnloadFile current) throws IOException, SqlError {
    Path local = current.finish();
    S3Location location =
        unload.target().withKey(unload.target().key() + unload.fileName(number, parts));
    store.write(location, local, unload.kmsKey());
    boolean header = unload.format() instanceof UnloadFormat.Text text && text.header();
    written.add(
        new UnloadManifest.Entry(location, Files.size(local), rows, header ? rows + 1 : rows));
    current.close();
    file = null;
    rows = 0;
    parts++;
  }

  @Override
  public void close() throws IOException {
    UnloadFile current = file;
    if (current != null) {
      current.close();
    }
  }
}
