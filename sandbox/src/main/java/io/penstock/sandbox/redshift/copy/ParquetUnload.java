package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of a query as PostgreSQL sends them and writes the Parquet files of two slices.
 * Files are completed and uploaded while the query goes on.
 */
final class ParquetUnload implements Backend.CopyReceiver, AutoCloseable {
  private static final int SLICES = 2;

  /** Of a slice; at first a row at a time, so that small results also come in several files. */
  private static final int ROWS_IN_TURN = 1000;

  /** Bytes of lines of which a file is made, or fewer where MAXFILESIZE is. */
  private static final long FILE_BYTES = 32L << 20;

  private final UnloadStatement unload;
  private final List<TargetColumn> columns;
  private final S3Store store;
  private final int slices;
  private final ExecutorService workers = Executors.newFixedThreadPool(SLICES);
  private final @Nullable ParquetFile[] open;
  private final int[] parts;
  private final List<Future<UnloadManifest.Entry>> files = new ArrayList<>();
  private @Nullable IOException failure;
  private long rows;

  ParquetUnload(UnloadStatement unload, List<TargetColumn> columns, S3Store store) throws SqlError {
    ParquetFile.select(columns);
    this.unload = unload;
    this.columns = columns;
    this.store = store;
    this.slices = unload.parallel() ? SLICES : 1;
    this.open = new ParquetFile[slices];
    this.parts = new int[slices];
  }

  /** What PostgreSQL is to be asked for the rows of a query. */
  static String copy(String select) {
    return "COPY (" + select + "\n) TO STDOUT (FORMAT csv, NULL E'\\" + ParquetFile.NULL + "')";
  }

  @Override
  public void row(byte[] line) {
    if (failure != null) {
      return;
    }
    try {
      int slice = (int) ((rows < ROWS_IN_TURN ? rows : rows / ROWS_IN_TURN) % slices);
      rows++;
      ParquetFile file = open[slice];
      if (file == null) {
        file = new ParquetFile();
        open[slice] = file;
      }
      file.write(line);
      if (file.size() >= Math.min(FILE_BYTES, unload.maxFileBytes())) {
        complete(slice, file);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void complete(int slice, ParquetFile file) {
    open[slice] = null;
    S3Location location =
        unload.target().withKey(unload.target().key() + unload.fileName(slice, parts[slice]++));
    files.add(workers.submit(() -> upload(file, location)));
  }

  private UnloadManifest.Entry upload(ParquetFile file, S3Location location)
      throws IOException, SqlError {
    try (file) {
      Path parquet = file.finish(columns);
      store.write(location, parquet, unload.kmsKey());
      return new UnloadManifest.Entry(location, Files.size(parquet), file.rows(), file.rows());
    }
  }

  /** Completes what is open, and answers the files in the order of their names. */
  List<UnloadManifest.Entry> finish() throws IOException, SqlError {
    for (int slice = 0; slice < slices; slice++) {
      ParquetFile file = open[slice];
      if (file != null) {
        complete(slice, file);
      }
    }
    awaitAll();
    List<UnloadManifest.Entry> written = new ArrayList<>();
    for (Future<UnloadManifest.Entry> file : files) {
      written.add(entry(file));
    }
    if (failure != null) {
      throw failure;
    }
    written.sort((a, b) -> a.location().key().compareTo(b.location().key()));
    return written;
  }

  /** After a failure too: nothing is written once the statement has ended. */
  private void awaitAll() throws IOException {
    workers.shutdown();
    try {
      while (!workers.awaitTermination(1, TimeUnit.HOURS)) {
        continue;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static UnloadManifest.Entry entry(Future<UnloadManifest.Entry> file)
      throws IOException, SqlError {
    try {
      return file.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SqlError refused) {
        throw refused;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    awaitAll();
    for (ParquetFile file : open) {
      if (file != null) {
        file.close();
      }
    }
  }
}
