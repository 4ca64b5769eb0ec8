package io.penstock.jobs.deliver;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.parquet.bytes.ByteBufferAllocator;

/**
 * Gives the buffers of pages that are written to the next pages, of one file. Never holds more than
 * were in use at one time.
 *
 * <p>Parquet releases some buffers twice: {@code PlainValuesWriter}, which also makes the pages of
 * dictionaries, closes its stream and then what wraps it.
 */
final class SlabPool implements ByteBufferAllocator {
  private final Map<Integer, Deque<ByteBuffer>> free = new TreeMap<>();
  private final Set<ByteBuffer> lent = Collections.newSetFromMap(new IdentityHashMap<>());

  @Override
  public ByteBuffer allocate(int size) {
    int capacity = capacity(size);
    Deque<ByteBuffer> released = free.get(capacity);
    ByteBuffer buffer =
        released == null || released.isEmpty()
            ? ByteBuffer.allocate(capacity)
            : released.removeLast();
    lent.add(buffer);
    return buffer.clear().limit(size);
  }

  /** A power of two, so that sizes that are alike share buffers. */
  private static int capacity(int size) {
    int highest = Integer.highestOneBit(Math.max(1, size));
    return highest == size || highest == 1 << 30 ? size : highest << 1;
  }

  @Override
  public void release(ByteBuffer buffer) {
    if (lent.remove(buffer)) {
      free.computeIfAbsent(buffer.capacity(), capacity -> new ArrayDeque<>()).addLast(buffer);
    }
  }

  @Override
  public boolean isDirect() {
    return false;
  }
}
