package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files one slice of the cluster writes, one after the other. */
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

  private UnloadFile open() throws IOException, SqlError {
    return unload.format() instanceof UnloadFormat.Parquet
        ? new ParquetFile(columns)
        : new TextFile(RowEncoder.of(unload.format(), columns), unload.compression());
  }

  /** Uploads what is left; a slice of a text unload writes a file even without rows. */
  void finish() throws IOException, SqlError {
    UnloadFile current = file;
    if (current == null && parts == 0 && !(unload.format() instanceof UnloadFormat.Parquet)) {
      current = open();
      file = current;
    }
    if (current != null) {
      upload(current);
    }
  }

  private void upload(UnloadFile current) throws IOException, SqlError {
    Path local = current.finish();
    S3Location location = unload.target().withKey(unload.target().key() + name());
    store.write(location, local);
    boolean header = unload.format() instanceof UnloadFormat.Text text && text.header();
    written.add(
        new UnloadManifest.Entry(location, Files.size(local), rows, header ? rows + 1 : rows));
    current.close();
    file = null;
    rows = 0;
    parts++;
  }

  private String name() {
    String base =
        unload.parallel() ? "%04d_part_%02d".formatted(number, parts) : "%03d".formatted(parts);
    String extension = unload.extension();
    if (extension != null) {
      return base + "." + extension;
    }
    return unload.format() instanceof UnloadFormat.Parquet
        ? base + ".parquet"
        : base + unload.compression().extension();
  }

  @Override
  public void close() throws IOException {
    UnloadFile current = file;
    if (current != null) {
      current.close();
    }
  }
}
