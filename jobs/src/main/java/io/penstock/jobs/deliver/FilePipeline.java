package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;

/** One file: rows through the encoder and through compression. The stream below stays open. */
final class FilePipeline implements Closeable {
  private final CountedOutput counted;
  private final @Nullable CompressedOutput compressed;
  private final RowEncoder encoder;
  private long rows;
  private long bound = Long.MAX_VALUE / 2;

  private FilePipeline(
      CountedOutput counted, @Nullable CompressedOutput compressed, RowEncoder encoder) {
    this.counted = counted;
    this.compressed = compressed;
    this.encoder = encoder;
  }

  /**
   * @param key of the file, from which follows what would else be random
   * @param encoding that is the file's own
   */
  static FilePipeline open(
      OutputStream below, String key, Encoding encoding, RowEncoder.Factory encoders)
      throws IOException {
    CountedOutput counted = new CountedOutput(below);
    CompressedOutput compressed = CompressedOutput.of(encoding, counted);
    try {
      RowEncoder encoder = encoders.open(compressed == null ? counted : compressed, key);
      return new FilePipeline(counted, compressed, encoder);
    } catch (IOException | RuntimeException e) {
      if (compressed != null) {
        compressed.close();
      }
      throw e;
    }
  }

  void write(InternalRow row) throws IOException {
    rows += encoder.write(row);
  }

  long rows() {
    return rows;
  }

  /** Bytes that the file would have at most if it ended here. */
  long bytes() throws IOException {
    return counted.count() + encoder.buffered() + (compressed == null ? 0 : compressed.held());
  }

  /**
   * Whether the file keeps within a size with one more row, which is then to be written. What the
   * file has is asked for only where it may matter, since compression makes less of most rows.
   */
  boolean takes(InternalRow row, long most) throws IOException {
    long size = encoder.sizeOf(row);
    if (bound + size > most) {
      bound = bytes();
    }
    if (rows > 0 && bound + size > most) {
      return false;
    }
    bound += size;
    return true;
  }

  /** Writes what is left. Nothing but {@link #close} may follow. */
  void finish() throws IOException {
    encoder.finish();
    if (compressed != null) {
      compressed.finish();
    }
  }

  /** Frees what is held outside the heap; writes nothing. */
  @Override
  public void close() throws IOException {
    try {
      encoder.close();
    } finally {
      if (compressed != null) {
        compressed.close();
      }
    }
  }
}
