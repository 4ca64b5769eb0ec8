package io.penstock.jobs.deliver;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** Turns UTF-8 into another character set. What that set lacks was refused before. */
final class TranscodingOutput extends OutputStream {
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer characters = CharBuffer.allocate(8 << 10);
  private final Writer writer;

  private TranscodingOutput(Charset charset, OutputStream out) {
    this.writer = new OutputStreamWriter(new Unclosed(out), charset.newEncoder());
  }

  static OutputStream to(String charset, OutputStream out) {
    Charset target = Charset.forName(charset);
    return target.equals(StandardCharsets.UTF_8) ? out : new TranscodingOutput(target, out);
  }

  /** Takes whole rows, so that no character is split between two calls. */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
    while (source.hasRemaining()) {
      var result = decoder.decode(source, characters, false);
      if (result.isError() || (result.isUnderflow() && source.hasRemaining())) {
        throw new IOException("text that is not valid UTF-8 reached the encoder");
      }
      writer.append(characters.flip());
      characters.clear();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** Writes what a stateful character set ends with; the stream below stays open. */
  void end() throws IOException {
    writer.close();
  }

  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
