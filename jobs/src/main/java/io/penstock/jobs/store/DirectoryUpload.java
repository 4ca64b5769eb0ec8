package io.penstock.jobs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A hidden file that is being written. It is on the disk when it is complete; the disk begins while
 * the task still encodes, so that little is left to wait for.
 */
final class DirectoryUpload extends Upload {
  private static final long FLUSH_BYTES = 8L << 20;

  private final String key;
  private final String handle;
  private final Path hidden;
  private final FileChannel channel;
  private final CRC32 crc32 = new CRC32();
  private long bytes;
  private long flushedAt;
  private @Nullable Future<?> flushing;
  private boolean completed;

  DirectoryUpload(String key, String handle, Path root) throws IOException {
    this.key = key;
    this.handle = handle;
    this.hidden = root.resolve(handle).normalize();
    if (!hidden.startsWith(root)) {
      throw new IOException("the key " + key + " leaves the directory " + root);
    }
    this.channel = create(hidden);
  }

  /** A neighbour that finishes may remove the empty directory between the two steps. */
  private static FileChannel create(Path hidden) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Path parent = hidden.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try {
        return FileChannel.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (NoSuchFileException e) {
        if (attempt == 10) {
          throw e;
        }
      }
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    crc32.update(source, offset, length);
    ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    bytes += length;
    if (bytes - flushedAt >= FLUSH_BYTES && (flushing == null || flushing.isDone())) {
      flushedAt = bytes;
      flushing = UploadThreads.POOL.submit(() -> flush(channel));
    }
  }

  private static Void flush(FileChannel channel) throws IOException {
    channel.force(false);
    return null;
  }

  @Override
  public PendingObject complete() throws IOException {
    awaitFlush();
    channel.force(true);
    channel.close();
    completed = true;
    return new PendingObject(key, handle, List.of(), bytes, crc32.getValue());
  }

  private void awaitFlush() throws IOException {
    try {
      if (flushing != null) {
        flushing.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing " + hidden, e);
    } catch (ExecutionException e) {
      throw new IOException("cannot write " + hidden, e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    if (!completed) {
      channel.close();
      Files.deleteIfExists(hidden);
    }
  }
}
