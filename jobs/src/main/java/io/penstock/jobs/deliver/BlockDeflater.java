package io.penstock.jobs.deliver;

import java.io.Closeable;

/**
 * Compresses a piece at a time into deflate blocks (RFC 1951) none of which is the last, and which
 * end on a byte: blocks of other pieces, of this compressor or another, may follow.
 */
interface BlockDeflater extends Closeable {
  /** Most bytes of a piece. */
  int PIECE_BYTES = 256 << 10;

  /** Room that the blocks of any piece need, incompressible ones too. */
  int BLOCKS_BYTES = PIECE_BYTES + (PIECE_BYTES >> 3) + 1024;

  /** Where the stream ends: an empty last block. */
  byte[] END = {3, 0};

  /**
   * @param count of the bytes of the piece, at least one
   * @param blocks of {@link #BLOCKS_BYTES}
   * @return bytes of the blocks
   */
  int deflate(byte[] piece, int count, byte[] blocks);

  @Override
  void close();

  /** The fastest of this machine; the same machine makes the same blocks of the same piece. */
  static BlockDeflater fast() {
    return IsalDeflater.isAvailable() ? new IsalDeflater() : new JdkDeflater();
  }
}
