package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;

/** Files in one stream. Every entry has its true size, and the time of the run. */
interface Archive extends Closeable {

  /** Takes the bytes of one file, one after the other with other files. */
  Entry begin(String name) throws IOException;

  /** Writes what comes after the last entry; the stream below stays open. */
  void finish() throws IOException;

  /** Frees what is held outside the heap; writes nothing. */
  @Override
  void close() throws IOException;

  /** One file on its way into the archive. */
  interface Entry extends Closeable {
    OutputStream content();

    /** Puts the whole file into the archive. */
    void finish() throws IOException;
  }

  static Archive open(Encoding encoding, OutputStream out, Instant time) throws IOException {
    return switch (encoding) {
      case ZIP -> new ZipArchive(out, time);
      case TAR -> new TarArchive(out, null, time);
      case TGZ -> {
        GzipOutput gzip = new GzipOutput(out);
        yield new TarArchive(gzip, gzip, time);
      }
      case NONE, GZIP, ZSTD -> throw new IllegalArgumentException(encoding + " makes no archive");
    };
  }

  /** An archive must not close what is not its own. */
  final class Unclosed extends OutputStream {
    private final OutputStream out;

    Unclosed(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }
  }

  static void copy(Spool spool, OutputStream out) throws IOException {
    try (InputStream content = spool.read()) {
      content.transferTo(out);
    }
  }
}
