package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The bytes of rows on their way to a stream. A writer reserves room, writes at the position, and
 * moves it. Between two rows the buffer may be handed on; within a row it only grows.
 */
final class ByteSink {
  private static final int HAND_ON_BYTES = 64 << 10;

  byte[] buffer = new byte[HAND_ON_BYTES + (16 << 10)];
  int position;

  /** Makes sure that {@code count} more bytes fit. */
  void reserve(int count) {
    if (buffer.length - position < count) {
      long needed = (long) position + count;
      if (needed > Integer.MAX_VALUE - 16) {
        throw new OutOfMemoryError("a row of more than 2 GiB");
      }
      int larger = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, buffer.length * 2L));
      buffer = Arrays.copyOf(buffer, larger);
    }
  }

  void put(byte b) {
    reserve(1);
    buffer[position++] = b;
  }

  void put(char ascii) {
    put((byte) ascii);
  }

  void put(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, position, bytes.length);
    position += bytes.length;
  }

  /** Copies from where Spark keeps a value: an array, or memory outside the heap. */
  void put(Object base, long offset, int count) {
    reserve(count);
    Platform.copyMemory(base, offset, buffer, Platform.BYTE_ARRAY_OFFSET + position, count);
    position += count;
  }

  void put(UTF8String text) {
    put(text.getBaseObject(), text.getBaseOffset(), text.numBytes());
  }

  void putAscii(String text) {
    put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Hands the buffer on once it is worth it. */
  void endRow(OutputStream out) throws IOException {
    if (position >= HAND_ON_BYTES) {
      handOn(out);
    }
  }

  void handOn(OutputStream out) throws IOException {
    out.write(buffer, 0, position);
    position = 0;
  }
}
