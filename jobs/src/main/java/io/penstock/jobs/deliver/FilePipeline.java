package io.penstock.jobs.deliver;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;

/** One file: rows through the encoder and through compression. The stream below stays open. */
final class FilePipeline implements Closeable {
  private final CountedOutput counted;
  private final @Nullable GzipOutput gzip;
  private final RowEncoder encoder;
  private long rows;

  private FilePipeline(CountedOutput counted, @Nullable GzipOutput gzip, RowEncoder encoder) {
    this.counted = counted;
    this.gzip = gzip;
    this.encoder = encoder;
  }

  /**
   * @param key of the file, from which follows what would else be random
   */
  static FilePipeline open(
      OutputStream below, String key, boolean gzip, RowEncoder.Factory encoders)
      throws IOException {
    CountedOutput counted = new CountedOutput(below);
    GzipOutput compressed = gzip ? new GzipOutput(counted) : null;
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
    return counted.count() + encoder.buffered() + (gzip == null ? 0 : gzip.held());
  }

  /** How many bytes a row would add at most. */
  long sizeOf(InternalRow row) {
    return encoder.sizeOf(row);
  }

  /** Writes what is left. Nothing but {@link #close} may follow. */
  void finish() throws IOException {
    encoder.finish();
    if (gzip != null) {
      gzip.finish();
    }
  }

  /** Frees what is held outside the heap; writes nothing. */
  @Override
  public void close() throws IOException {
    try {
      encoder.close();
    } finally {
      if (gzip != null) {
        gzip.close();
      }
    }
  }
}
