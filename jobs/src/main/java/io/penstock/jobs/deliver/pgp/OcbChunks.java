package io.penstock.jobs.deliver.pgp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * Data in chunks, each sealed under its number, and at the end a tag over the length of all; RFC
 * 9580 section 5.13.2, and draft-koch-librepgp section 5.16 where the number is authenticated too.
 */
final class OcbChunks extends OutputStream {
  static final int CHUNK = 1 << (OcbEncryption.CHUNK_OCTET + 6);

  private final OutputStream out;
  private final Ocb ocb;
  private final byte[] nonce;
  private final byte[] header;
  private final boolean numbered;
  private final byte[] text = new byte[CHUNK];
  private final byte[] sealed = new byte[CHUNK + Ocb.BLOCK];
  private int length;
  private long index;
  private long total;

  /**
   * @param header of the packet, authenticated with every chunk
   * @param numbered whether the number of a chunk is authenticated beside the nonce
   */
  OcbChunks(OutputStream out, Ocb ocb, byte[] nonce, byte[] header, boolean numbered) {
    this.out = out;
    this.ocb = ocb;
    this.nonce = nonce;
    this.header = header;
    this.numbered = numbered;
  }

  @Override
  public void write(int b) throws IOException {
    if (length == CHUNK) {
      seal();
    }
    text[length++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int from = offset;
    int end = offset + count;
    while (from < end) {
      if (length == CHUNK) {
        seal();
      }
      int fitting = Math.min(end - from, CHUNK - length);
      System.arraycopy(bytes, from, text, length, fitting);
      length += fitting;
      from += fitting;
    }
  }

  private void seal() throws IOException {
    writeSealed(numbered ? associated(index) : header);
    total += length;
    length = 0;
    index++;
  }

  /** Writes the last chunk and the tag over all; Bouncy Castle closes this stream once. */
  @Override
  public void close() throws IOException {
    if (length > 0) {
      seal();
    }
    writeSealed(numbered ? associated(index, total) : associated(total));
    out.close();
  }

  private byte[] associated(long... numbers) {
    ByteBuffer all = ByteBuffer.allocate(header.length + numbers.length * Long.BYTES).put(header);
    for (long number : numbers) {
      all.putLong(number);
    }
    return all.array();
  }

  private void writeSealed(byte[] associated) throws IOException {
    ByteBuffer own = ByteBuffer.wrap(nonce.clone());
    int at = Ocb.NONCE - OcbEncryption.INDEX;
    own.putLong(at, own.getLong(at) ^ index);
    try {
      ocb.seal(own.array(), associated, text, length, sealed);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot encrypt", e);
    }
    out.write(sealed, 0, length + Ocb.BLOCK);
  }
}
