package io.penstock.jobs.deliver;

import com.intel.gkl.compression.IntelDeflater;

/**
 * Intel's ISA-L, which compresses several times as fast as zlib's fastest level, on x86-64. It
 * makes whole streams only: of a piece of this size one block, marked as the last. The mark is
 * taken off and the block is brought to the end of a byte, which takes knowing where in its last
 * byte it ends.
 */
final class IsalDeflater implements BlockDeflater {
  private static final int LEVEL = 1;
  private static final int DYNAMIC = 2;
  private static final int BYTES_OF_A_MARKER = 5;
  private static final boolean AVAILABLE = load();

  private final IntelDeflater deflater = new IntelDeflater(LEVEL, true);
  private final JdkDeflater other = new JdkDeflater();
  private boolean fresh = true;

  static boolean isAvailable() {
    return AVAILABLE;
  }

  private static boolean load() {
    try {
      return new IntelDeflater(LEVEL, true).load(null);
    } catch (LinkageError | RuntimeException e) {
      return false;
    }
  }

  @Override
  public int deflate(byte[] piece, int count, byte[] blocks) {
    if (!fresh) {
      deflater.reset();
    }
    fresh = false;
    deflater.setInput(piece, 0, count);
    deflater.finish();
    int length = deflater.deflate(blocks, 0, blocks.length);
    int end = continued(blocks, length);
    return end > 0 ? end : other.deflate(piece, count, blocks);
  }

  /** Makes the only block one that others may follow; 0 where it is of another kind. */
  private int continued(byte[] blocks, int length) {
    if (length == 0
        || !deflater.finished()
        || length > blocks.length - BYTES_OF_A_MARKER
        || (blocks[0] & 7) != (DYNAMIC << 1 | 1)) {
      return 0;
    }
    long bits = DynamicBlock.bits(blocks, length);
    if (bits == 0) {
      return 0;
    }
    blocks[0] &= ~1;
    // an empty stored block: three bits of zero, zeros up to a byte, and a length of none
    int at = (int) ((bits + 3 + 7) / 8);
    for (int i = length; i < at; i++) {
      blocks[i] = 0;
    }
    blocks[at] = 0;
    blocks[at + 1] = 0;
    blocks[at + 2] = (byte) 0xFF;
    blocks[at + 3] = (byte) 0xFF;
    return at + 4;
  }

  @Override
  public void close() {
    deflater.end();
    other.close();
  }
}
