package io.penstock.jobs.read.redshift;

import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * Lets Spark's Parquet reader read objects of an {@link ObjectStore}: the reader takes nothing but
 * paths of Hadoop, and Hadoop's own S3 file system would have to be given the credentials by
 * settings. A path stands for one object that this JVM has opened.
 */
public final class UnloadedFileSystem extends FileSystem {
  private static final String SCHEME = "penstock-unloaded";
  private static final Map<String, Opened> OPENED = new ConcurrentHashMap<>();

  private URI uri = URI.create(SCHEME + ":///");

  /** One object, until it is closed. */
  static final class Opened implements AutoCloseable {
    private final String id = UUID.randomUUID().toString();
    private final ObjectStore store;
    private final UnloadedFile file;

    private Opened(ObjectStore store, UnloadedFile file) {
      this.store = store;
      this.file = file;
    }

    Path path() {
      return new Path(SCHEME, id, "/file.parquet");
    }

    @Override
    public void close() {
      OPENED.remove(id);
      store.close();
    }
  }

  /** The object by a path of its own; the store is closed with it. */
  static Opened open(ObjectStore store, UnloadedFile file) {
    Opened opened = new Opened(store, file);
    OPENED.put(opened.id, opened);
    return opened;
  }

  /** Makes paths of opened objects known to a reader with these settings. */
  static void register(Configuration settings) {
    settings.setClass("fs." + SCHEME + ".impl", UnloadedFileSystem.class, FileSystem.class);
    settings.setBoolean("fs." + SCHEME + ".impl.disable.cache", true);
  }

  @Override
  public void initialize(URI name, Configuration settings) throws IOException {
    super.initialize(name, settings);
    uri = name;
  }

  @Override
  public URI getUri() {
    return uri;
  }

  private static Opened find(Path path) throws IOException {
    Opened opened = OPENED.get(path.toUri().getAuthority());
    if (opened == null) {
      throw new IOException(path + " is closed");
    }
    return opened;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    Opened opened = find(path);
    return new FSDataInputStream(
        new RangedInput(opened.store, opened.file.key(), opened.file.bytes()));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    long bytes = find(path).file.bytes();
    return new FileStatus(bytes, false, 1, bytes, 0, path);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return new FileStatus[] {getFileStatus(path)};
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(uri);
  }

  @Override
  public void setWorkingDirectory(Path directory) {
    throw onlyReads();
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      @Nullable Progressable progress) {
    throw onlyReads();
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) {
    throw onlyReads();
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw onlyReads();
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw onlyReads();
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw onlyReads();
  }

  private static UnsupportedOperationException onlyReads() {
    return new UnsupportedOperationException("unloaded files are only read");
  }
}
