package io.penstock.jobs.deliver;

import java.util.zip.Deflater;

/** Java's own compressor, at its fastest: level 6 costs six times the time for a fifth less. */
final class JdkDeflater implements BlockDeflater {
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

  @Override
  public int deflate(byte[] piece, int count, byte[] blocks) {
    deflater.reset();
    deflater.setInput(piece, 0, count);
    return deflater.deflate(blocks, 0, blocks.length, Deflater.SYNC_FLUSH);
  }

  @Override
  public void close() {
    deflater.end();
  }
}
