package io.penstock.jobs.read.redshift;

import io.penstock.jobs.store.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSInputStream;

/**
 * Reads an object by requests for ranges of it. A small read brings what is around it, the end of
 * the object at first: a reader of Parquet begins with the footer. A large one brings itself.
 */
final class RangedInput extends FSInputStream {
  private static final int AROUND = 256 << 10;

  private final ObjectStore store;
  private final String key;
  private final long length;
  private byte[] window = new byte[0];
  private long windowStart;
  private long position;

  RangedInput(ObjectStore store, String key, long length) {
    this.store = store;
    this.key = key;
    this.length = length;
  }

  @Override
  public void seek(long target) throws IOException {
    if (target < 0 || target > length) {
      throw new EOFException("there is no byte " + target + " in " + store.address(key));
    }
    position = target;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public boolean seekToNewSource(long target) {
    return false;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) throws IOException {
    if (wanted == 0) {
      return 0;
    }
    if (position >= length) {
      return -1;
    }
    int count = (int) Math.min(wanted, length - position);
    if (!holds(position)) {
      if (count >= AROUND) {
        byte[] range = fetch(position, count);
        System.arraycopy(range, 0, target, offset, count);
        position += count;
        return count;
      }
      fill();
    }
    int at = (int) (position - windowStart);
    int copied = Math.min(count, window.length - at);
    System.arraycopy(window, at, target, offset, copied);
    position += copied;
    return copied;
  }

  private boolean holds(long at) {
    return at >= windowStart && at < windowStart + window.length;
  }

  /** What follows the position; where the object ends before, what precedes it too. */
  private void fill() throws IOException {
    int size = (int) Math.min(AROUND, length);
    windowStart = Math.min(position, length - size);
    window = fetch(windowStart, size);
  }

  private byte[] fetch(long from, int count) throws IOException {
    byte[] range = store.read(key, from, count);
    if (range.length != count) {
      throw new EOFException(store.address(key) + " is shorter than the manifest says");
    }
    return range;
  }
}
