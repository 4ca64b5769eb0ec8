package io.penstock.jobs.deliver;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.bytes.ByteBufferAllocator;

/**
 * Gives the buffers of pages that are written to the next pages, of one file. Never holds more than
 * were in use at one time.
 *
 * <p>Parquet releases some buffers twice, the second time when they may be another page's: {@code
 * PlainValuesWriter}, which also makes the pages of dictionaries, closes its stream and then what
 * wraps it, and a closed stream does not forget its buffers. Each loan is therefore a buffer of its
 * own over shared memory, and ends once.
 */
final class SlabPool implements ByteBufferAllocator {
  private final Map<Integer, Deque<ByteBuffer>> free = new TreeMap<>();
  private final Map<ByteBuffer, ByteBuffer> loans = new IdentityHashMap<>();

  @Override
  public ByteBuffer allocate(int size) {
    int capacity = capacity(size);
    Deque<ByteBuffer> released = free.get(capacity);
    ByteBuffer memory =
        released == null || released.isEmpty()
            ? ByteBuffer.allocate(capacity)
            : released.removeLast();
    ByteBuffer loan = memory.duplicate().limit(size);
    loans.put(loan, memory);
    return loan;
  }

  /** A power of two, so that sizes that are alike share buffers. */
  private static int capacity(int size) {
    int highest = Integer.highestOneBit(Math.max(1, size));
    return highest == size || highest == 1 << 30 ? size : highest << 1;
  }

  @Override
  public void release(ByteBuffer loan) {
    ByteBuffer memory = loans.remove(loan);
    if (memory != null) {
      free.computeIfAbsent(memory.capacity(), capacity -> new ArrayDeque<>()).addLast(memory);
    }
  }

  @Override
  public boolean isDirect() {
    return false;
  }
}
