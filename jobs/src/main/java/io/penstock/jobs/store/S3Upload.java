package io.penstock.jobs.store;

import io.penstock.jobs.store.PendingObject.Part;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A multipart upload that sends one part while the next is filled. Parts grow with their number, so
 * that the 10,000 parts that S3 allows (Amazon S3 User Guide, "Multipart upload limits") hold 1.5
 * TiB; at most two parts are in memory.
 */
final class S3Upload extends Upload {
  static final int FIRST_PART_BYTES = 8 << 20;
  private static final int PARTS_OF_ONE_SIZE = 250;
  private static final int MOST_PARTS = 10_000;
  private static final int FIRST_BUFFER_BYTES = 64 << 10;

  private final S3ObjectStore store;
  private final String key;
  private final CRC32 crc32 = new CRC32();
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private byte[] spare = new byte[0];
  private int filled;
  private int partsBegun;
  private long bytes;
  private @Nullable String uploadId;
  private @Nullable S3Parts parts;
  private boolean completed;

  S3Upload(S3ObjectStore store, String key) {
    this.store = store;
    this.key = key;
  }

  static int partBytes(int partNumber) {
    return FIRST_PART_BYTES * (1 + (partNumber - 1) / PARTS_OF_ONE_SIZE);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      int limit = partBytes(partsBegun + 1);
      if (filled == limit) {
        sendPart();
        continue;
      }
      int count = Math.min(left, limit - filled);
      reserve(filled + count, limit);
      System.arraycopy(source, from, buffer, filled, count);
      filled += count;
      from += count;
      left -= count;
    }
    bytes += length;
  }

  private void reserve(int needed, int limit) {
    if (needed > buffer.length) {
      int larger = (int) Math.min(limit, Math.max(needed, buffer.length * 2L));
      buffer = Arrays.copyOf(buffer, larger);
    }
  }

  @Override
  public PendingObject complete() throws IOException {
    if (filled > 0) {
      sendPart();
    }
    List<Part> arrived = parts == null ? List.of() : parts.arrived();
    completed = true;
    String handle = uploadId == null ? "" : uploadId;
    return new PendingObject(key, handle, arrived, bytes, crc32.getValue());
  }

  @Override
  public void close() throws IOException {
    if (completed) {
      return;
    }
    completed = true;
    // a task that Spark kills is interrupted, and an interrupted thread can send no request
    boolean interrupted = Thread.interrupted();
    try {
      abandon();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void abandon() throws IOException {
    if (uploadId == null || parts == null) {
      return;
    }
    try {
      parts.settle();
    } catch (IOException e) {
      // the upload is given up; how its last part fared no longer matters
    }
    store.abort(key, uploadId);
  }

  private void sendPart() throws IOException {
    if (partsBegun == MOST_PARTS) {
      throw new IOException(store.address(key) + " would need more than 10,000 parts");
    }
    S3Parts open = parts;
    if (open == null) {
      String id = store.createUpload(key);
      uploadId = id;
      open = new S3Parts(store, key, id);
      parts = open;
    }
    partsBegun++;
    open.send(partsBegun, buffer, 0, filled);
    crc32.update(buffer, 0, filled);
    byte[] full = buffer;
    buffer = spare.length == 0 ? new byte[FIRST_BUFFER_BYTES] : spare;
    spare = full;
    filled = 0;
  }
}
