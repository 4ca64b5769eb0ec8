package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Compresses one file. */
abstract class CompressedOutput extends OutputStream {

  /** Null where files are not compressed one by one. */
  static @Nullable CompressedOutput of(Encoding encoding, OutputStream out) throws IOException {
    return switch (encoding) {
      case GZIP -> new GzipOutput(out);
      case ZSTD -> new ZstdOutput(out);
      case NONE, ZIP, TAR, TGZ -> null;
    };
  }

  /** Bytes at most that are still to come, if the file ended here. */
  abstract long held();

  /** Writes what is left; the stream below stays open. */
  abstract void finish() throws IOException;

  /** Frees the compressor and writes nothing. */
  @Override
  public abstract void close();
}
