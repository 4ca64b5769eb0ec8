package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of rows on their way to a stream. A writer reserves room, writes at the position, and
 * moves it. Between two rows the buffer may be handed on; within a row it only grows. Public for
 * generated code.
 */
public final class ByteSink {
  private static final int HAND_ON_BYTES = 64 << 10;

  byte[] buffer = new byte[HAND_ON_BYTES + (16 << 10)];
  int position;

  private @Nullable RecentDates recentDates;

  RecentDates dates() {
    RecentDates dates = recentDates;
    if (dates == null) {
      dates = new RecentDates();
      recentDates = dates;
    }
    return dates;
  }

  public void clear() {
    position = 0;
  }

  byte[] bytes() {
    return Arrays.copyOf(buffer, position);
  }

  /** What was written, in the buffer itself: valid until the next write. */
  public UTF8String text() {
    return UTF8String.fromBytes(buffer, 0, position);
  }

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

  /** Four bytes, the lowest first, where there is room. */
  void putInt(int at, int word) {
    Platform.putInt(buffer, (long) Platform.BYTE_ARRAY_OFFSET + at, word);
  }

  /** The lowest bytes of a word, the lowest first. */
  void putLittleEndian(long word, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      buffer[position++] = (byte) (word >> (8 * i));
    }
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

  /** Copies what another sink holds between two of its positions, which is little. */
  void put(ByteSink from, int start, int end) {
    from.reserve(Long.BYTES);
    putWords(from.buffer, start, end - start);
  }

  /** Copies a few bytes a word at a time, beyond which both arrays have room for a word. */
  private void putWords(byte[] source, int start, int count) {
    reserve(count + Long.BYTES);
    for (int done = 0; done < count; done += Long.BYTES) {
      long word = Platform.getLong(source, (long) Platform.BYTE_ARRAY_OFFSET + start + done);
      Platform.putLong(buffer, (long) Platform.BYTE_ARRAY_OFFSET + position + done, word);
    }
    position += count;
  }

  /** Copies a few bytes that are the same for each row. */
  void put(Constant constant) {
    putWords(constant.padded, 0, constant.count);
  }

  /**
   * Bytes to be copied by words.
   *
   * @param padded the bytes, and a word more
   */
  record Constant(byte[] padded, int count) {
    static Constant of(byte[] bytes) {
      return new Constant(Arrays.copyOf(bytes, bytes.length + Long.BYTES), bytes.length);
    }
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
