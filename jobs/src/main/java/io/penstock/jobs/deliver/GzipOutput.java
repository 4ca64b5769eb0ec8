package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One gzip member (RFC 1952). */
final class GzipOutput extends CompressedOutput {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 255};

  private static final int TRAILER_BYTES = 8;

  private final OutputStream out;
  private final DeflateOutput deflated;

  GzipOutput(OutputStream out) throws IOException {
    this.out = out;
    this.deflated = new DeflateOutput(out);
    out.write(header());
  }

  /** Without a name or a time, so that equal content makes equal bytes. */
  static byte[] header() {
    return HEADER.clone();
  }

  /**
   * @param count of the bytes before compression
   */
  static byte[] trailer(long checksum, long count) {
    return ByteBuffer.allocate(TRAILER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) checksum)
        .putInt((int) count)
        .array();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    deflated.write(bytes, offset, length);
  }

  @Override
  public void write(int b) throws IOException {
    deflated.write(b);
  }

  @Override
  long held() {
    return (long) deflated.held() + TRAILER_BYTES;
  }

  @Override
  void finish() throws IOException {
    deflated.finish();
    out.write(trailer(deflated.checksum(), deflated.count()));
  }

  @Override
  public void close() {
    deflated.close();
  }
}
