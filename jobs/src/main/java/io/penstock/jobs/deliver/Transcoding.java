package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 on its way into another charset. Fields have been checked before, so that a character that
 * the charset lacks is an error of this program.
 */
final class Transcoding extends OutputStream {
  private final OutputStream out;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final CharsetEncoder encoder;
  private final CharBuffer characters = CharBuffer.allocate(16 << 10);
  private final ByteBuffer encoded;

  Transcoding(OutputStream out, Charset charset) {
    this.out = out;
    this.encoder = charset.newEncoder();
    this.encoded =
        ByteBuffer.allocate((int) Math.ceil(characters.capacity() * encoder.maxBytesPerChar()));
  }

  /** Ends with whole records, so that no character is left in two. */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(bytes, offset, length);
    CoderResult result;
    do {
      characters.clear();
      result = decoder.decode(from, characters, false);
      if (result.isError()) {
        result.throwException();
      }
      characters.flip();
      encode();
    } while (result.isOverflow());
    if (from.hasRemaining()) {
      throw new IllegalStateException("a record ended within a character");
    }
  }

  private void encode() throws IOException {
    encoded.clear();
    CoderResult result = encoder.encode(characters, encoded, false);
    if (result.isError()) {
      result.throwException();
    }
    out.write(encoded.array(), 0, encoded.position());
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
