package io.penstock.jobs.deliver;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** One Zstandard frame (RFC 8878), by the library that Spark ships. */
final class ZstdOutput extends CompressedOutput {
  private static final int LEVEL = 1;
  private static final int PIECE_BYTES = 256 << 10;

  /** A block, of which the compressor holds one (RFC 8878, section 3.1.1.2.4). */
  private static final int BLOCK_BYTES = 128 << 10;

  private final OutputStream out;
  private final ZstdCompressCtx compressor = new ZstdCompressCtx();
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(PIECE_BYTES);
  private final byte[] taken = new byte[PIECE_BYTES];

  ZstdOutput(OutputStream out) {
    this.out = out;
    compressor.setLevel(LEVEL);
    compressor.setChecksum(true);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      int fits = Math.min(left, piece.remaining());
      piece.put(bytes, from, fits);
      from += fits;
      left -= fits;
      if (!piece.hasRemaining()) {
        compress(EndDirective.CONTINUE);
      }
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  private void compress(EndDirective directive) throws IOException {
    piece.flip();
    boolean done;
    do {
      done = compressor.compressDirectByteBufferStream(compressed, piece, directive);
      compressed.flip();
      int count = compressed.remaining();
      compressed.get(taken, 0, count);
      out.write(taken, 0, count);
      compressed.clear();
    } while (directive == EndDirective.END ? !done : piece.hasRemaining());
    piece.clear();
  }

  @Override
  long held() {
    return Zstd.compressBound((long) piece.position() + BLOCK_BYTES) + Long.BYTES;
  }

  @Override
  void finish() throws IOException {
    compress(EndDirective.END);
  }

  @Override
  public void close() {
    compressor.close();
  }
}
