package io.penstock.jobs.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A task's parts of a joined object. S3 wants 5 MiB of every part but an object's last, so the
 * run's first 5 MiB are kept for the driver, which puts them behind what the task before has left,
 * and 5 MiB are kept back at the end until more come, so that the last part is no smaller.
 */
final class S3PieceUpload extends PieceUpload {
  static final int LEAST_PART_BYTES = 5 << 20;
  private static final int FIRST_BUFFER_BYTES = 64 << 10;

  private final S3Parts parts;
  private final PartNumbers numbers;
  private final CRC32 crc32 = new CRC32();
  private byte[] head = new byte[0];
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private byte[] spare = new byte[0];
  private int filled;
  private int sent;
  private long bytes;

  S3PieceUpload(S3Parts parts, PartNumbers numbers) {
    this.parts = parts;
    this.numbers = numbers;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      int limit = limit();
      int count = Math.min(left, limit - filled);
      reserve(filled + count, limit);
      System.arraycopy(source, from, buffer, filled, count);
      filled += count;
      from += count;
      left -= count;
      if (filled == limit) {
        handOn(limit);
      }
    }
    crc32.update(source, offset, length);
    bytes += length;
  }

  /** Bytes to wait for before some are handed on. */
  private int limit() {
    return head.length == 0 ? LEAST_PART_BYTES : numbers.bytes(sent) + LEAST_PART_BYTES;
  }

  private void reserve(int needed, int limit) {
    if (needed > buffer.length) {
      int larger = (int) Math.min(limit, Math.max(needed, buffer.length * 2L));
      buffer = Arrays.copyOf(buffer, larger);
    }
  }

  private void handOn(int limit) throws IOException {
    if (head.length == 0) {
      head = Arrays.copyOf(buffer, filled);
      filled = 0;
      return;
    }
    int length = limit - LEAST_PART_BYTES;
    byte[] full = buffer;
    send(full, length);
    byte[] next = spare.length < LEAST_PART_BYTES ? new byte[2 * LEAST_PART_BYTES] : spare;
    System.arraycopy(full, length, next, 0, LEAST_PART_BYTES);
    spare = full;
    buffer = next;
    filled = LEAST_PART_BYTES;
  }

  private void send(byte[] part, int length) throws IOException {
    if (sent == numbers.most()) {
      throw new IOException("one object is too large for so many tasks; write files = auto");
    }
    sent++;
    parts.send(numbers.first() + sent, part, 0, length);
  }

  @Override
  public Piece complete() throws IOException {
    if (filled >= LEAST_PART_BYTES) {
      send(buffer, filled);
    } else if (filled > 0) {
      byte[] whole = Arrays.copyOf(head, head.length + filled);
      System.arraycopy(buffer, 0, whole, head.length, filled);
      head = whole;
    }
    return new Piece(head, parts.arrived(), "", bytes, crc32.getValue());
  }

  /** What was sent goes with the upload, which the driver ends. */
  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      parts.settle();
    } catch (IOException e) {
      // the piece is dropped; how its last part fared no longer matters
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
