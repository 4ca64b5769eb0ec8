package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/**
 * Deflated bytes (RFC 1951), with the CRC-32 and the count of what went in: what gzip and zip have
 * in common.
 */
final class DeflateOutput extends OutputStream {
  private final OutputStream out;
  private final BlockDeflater deflater = BlockDeflater.fast();
  private final CRC32 checksum = new CRC32();
  private final byte[] piece = new byte[BlockDeflater.PIECE_BYTES];
  private final byte[] blocks = new byte[BlockDeflater.BLOCKS_BYTES];
  private int filled;
  private long count;

  DeflateOutput(OutputStream out) {
    this.out = out;
  }

  long checksum() {
    return checksum.getValue();
  }

  /** Bytes that went in. */
  long count() {
    return count;
  }

  /** Bytes at most that are still to come, if the stream ended here. */
  int held() {
    return filled + BlockDeflater.BLOCKS_BYTES - BlockDeflater.PIECE_BYTES;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    checksum.update(bytes, offset, length);
    count += length;
    int from = offset;
    int left = length;
    while (left > 0) {
      int fits = Math.min(left, piece.length - filled);
      System.arraycopy(bytes, from, piece, filled, fits);
      filled += fits;
      from += fits;
      left -= fits;
      if (filled == piece.length) {
        finishPiece();
      }
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** Ends on a byte, so that blocks of another deflater may follow. */
  void finishPiece() throws IOException {
    if (filled > 0) {
      out.write(blocks, 0, deflater.deflate(piece, filled, blocks));
      filled = 0;
    }
  }

  /** Ends the stream; the stream below stays open. */
  void finish() throws IOException {
    finishPiece();
    out.write(BlockDeflater.END);
  }

  /** Frees the compressor and writes nothing. */
  @Override
  public void close() {
    deflater.close();
  }
}
